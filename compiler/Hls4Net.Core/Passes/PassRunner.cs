using System.Globalization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Core.Passes;

/// <summary>
/// Runs passes in their order and verifies the representation before the first and after each: a broken one is the mistake of the pass
/// that it came from.
/// </summary>
/// <param name="kind">How to print and verify.</param>
/// <param name="dumpFolder">Where the text before the first pass and after each goes, one numbered file each; null for nowhere.</param>
/// <param name="stopAfter">The name of the last pass to run; null for all.</param>
public sealed class PassRunner<TIr>(IrKind<TIr> kind, string? dumpFolder = null, string? stopAfter = null)
{
    /// <summary>The representation after the passes, or as it was when one of them reported an error.</summary>
    /// <exception cref="ArgumentException">There is no pass to stop after.</exception>
    /// <exception cref="InvalidOperationException">A representation is broken: the compiler's own mistake.</exception>
    public TIr Run(TIr ir, IReadOnlyList<IPass<TIr>> passes, DiagnosticBag diagnostics)
    {
        var names = passes.Select(p => PassDescription.Of(p.GetType()).Name).ToArray();
        if (stopAfter is not null && !names.Contains(stopAfter, StringComparer.Ordinal))
            throw new ArgumentException($"There is no pass '{stopAfter}' to stop after. {Messages.DidYouMean(stopAfter, names)}".TrimEnd(), nameof(passes));
        Verify(ir, "before the first pass");
        Dump(ir, 0, "start");
        for (var k = 0; k < passes.Count; k++)
        {
            var next = passes[k].Run(ir, diagnostics);
            if (diagnostics.HasErrors)
                return ir;
            ir = next;
            // First the text, because it shows what is broken.
            Dump(ir, k + 1, names[k]);
            Verify(ir, $"after the pass {names[k]}");
            if (names[k] == stopAfter)
                break;
        }
        return ir;
    }

    /// <summary>
    /// The name of the pass with which the trouble begins: the result of all passes before it is good, and with it no longer. Null if
    /// the result of all passes is good, or already the start is not. Takes about log₂ n runs.
    /// </summary>
    /// <param name="ir">The start.</param>
    /// <param name="passes">The passes.</param>
    /// <param name="isGood">Whether a result is good; a pass that throws makes it bad.</param>
    public static string? Bisect(TIr ir, IReadOnlyList<IPass<TIr>> passes, Func<TIr, bool> isGood)
    {
        var (good, bad) = (0, passes.Count);
        if (!IsGood(0) || IsGood(bad))
            return null;
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = IsGood(middle) ? (middle, bad) : (good, middle);
        }
        return PassDescription.Of(passes[good].GetType()).Name;

        bool IsGood(int count)
        {
            try
            {
                return isGood(passes.Take(count).Aggregate(ir, (x, pass) => pass.Run(x, new DiagnosticBag())));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return false;
            }
        }
    }

    private void Verify(TIr ir, string when)
    {
        var problems = kind.Verify(ir);
        if (problems.Count > 0)
            throw new InvalidOperationException($"The {typeof(TIr).Name.ToLowerInvariant()} is not sound {when}: {string.Join(" ", problems.Take(5))}");
    }

    private void Dump(TIr ir, int step, string name)
    {
        if (dumpFolder is null)
            return;
        Directory.CreateDirectory(dumpFolder);
        var file = string.Create(CultureInfo.InvariantCulture, $"{typeof(TIr).Name.ToLowerInvariant()}-{step:D2}-{name}.txt");
        File.WriteAllText(Path.Combine(dumpFolder, file), kind.ToText(ir));
    }
}
