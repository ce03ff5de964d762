using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Emission;

/// <summary>
/// A chain of sums whose values have names that C++, comments, file names, Tcl and Markdown would trip over, and names that look alike
/// once they are escaped.
/// </summary>
internal static class Hostile
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "class", "a/b", "a.b", "a_b", "A_B", " ", "int", "std", "top", "sum", "i", "k", "t", "n", "ap_fixed", "AP_RND", "ap_ufixed<8,4>", "x_t",
        "x", "compute_x", "x_port", "from_raw", "NULL", "EOF", "errno", "a\nb", "a\r\n#error", "*/", "/*", "//", "end\\", "??/", "\"quoted\"", "'", "`", "{{model}}",
        "<b>", "|", "$x [exit]", "con", "ä", "日本語", "../../x", "a\0b", "\u202Egnp", "_", "__", "3d", "HLS4NET_TRACE", "main", "T", "bits_of", "INLINE", "demo",
        "demo_top", new string('y', 300), new string('y', 301),
    ];

    private static readonly FixedType Type = new(true, 8, 4);

    /// <summary>The first name is an input; each further one is the one before plus a constant that is called alike, cast to the same type.</summary>
    public static Design Design()
    {
        var cast = new Quantizer(Type, Rounding.Rnd, Overflow.Wrap);
        var channels = Names.Select(n => new Channel($"{n}", [2], Type, n)).ToSeq();
        var constants = Names.Select((n, k) => new NamedConstant($"{n}#", new ConstantTensor([2], [new Dyadic(k, -4), 1], Type, [k, 16]))).ToSeq();
        var body = new Block([new Load(0, Affine.Index(0)), new Load(1, Affine.Index(0)), new Add(0, 1), new Cast(2, cast)]);
        var stages = Names.Skip(1).Select((n, k) => new Stage(n, new Kernel([2], body), [Names[k], $"{n}#"], n, new Origin(n, "Add"), Schedule.Unrolled)).ToList();
        stages[0] = stages[0] with { Origin = new Origin("class", "Gemm") };
        return new("*/ hostile\n#error \\", [Names[0]], [], [Names[^1], Names[^2]], channels, constants, stages.ToSeq());
    }
}
