using Hls4Net.Core.Diagnostics;
using Hls4Net.Sweep;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Conformance;

/// <summary>
/// Models of one operator that are drawn at random, against ONNX Runtime and against the derived bounds. A few of each here; tens of thousands
/// with <c>dotnet run --project tests/Hls4Net.Sweep -- random</c>.
/// </summary>
public sealed class RandomOperatorTests
{
    private const int Draws = 5;

    public static TheoryData<string> Operators() => [.. RandomCases.Operators.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Models_drawn_at_random_give_what_ONNX_Runtime_gives(string name)
    {
        using var library = Load();
        var among = RandomCases.Operators.Where(e => e.Name == name).ToList();
        var agree = 0;
        for (var seed = 1; seed <= Draws; seed++)
        {
            var drawn = RandomCases.Case(seed, among);
            var (outcome, detail) = RandomTrial.Run(library, drawn, seed);
            Assert.True(outcome != Outcome.Differs, $"{seed}: {drawn.Signature}: {detail}");
            agree += outcome == Outcome.Agrees ? 1 : 0;
        }
        // Operators without a generator repeat their own cases, and few of those may have a reference.
        Assert.True(!RandomCases.Generated.Contains(name) || agree >= Draws / 2, $"Only {agree} of {Draws} models of {name} could be compared.");
    }

    [Fact]
    public void Generators_are_those_of_operators_in_the_catalogue()
    {
        var known = RandomCases.Operators.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(RandomCases.Generated, n => !known.Contains(n));
    }

    private static OnnxRuntimeLibrary Load()
    {
        try
        {
            return OnnxRuntimeLocator.Load();
        }
        catch (UserErrorException)
        {
            TestFiles.Missing("ONNX Runtime (tools/install-onnxruntime.sh)");
            throw;
        }
    }
}
