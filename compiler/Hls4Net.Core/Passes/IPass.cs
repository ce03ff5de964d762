using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Core.Passes;

/// <summary>One rewriting of an intermediate representation. Its class carries <see cref="PassAttribute"/>, which says what it promises.</summary>
/// <typeparam name="TIr">The representation: a graph, a design or a netlist.</typeparam>
public interface IPass<TIr>
{
    /// <summary>The rewritten representation; the given one is not changed.</summary>
    /// <param name="ir">What to rewrite; the runner has verified it.</param>
    /// <param name="diagnostics">Receives what the user should know. After an error the result is not used.</param>
    TIr Run(TIr ir, DiagnosticBag diagnostics);
}
