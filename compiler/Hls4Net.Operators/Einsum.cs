using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Einsum of any number of operands, contracted from left to right.</summary>
internal static class Einsum
{
    private const string Ellipsis = "...";

    /// <summary>Labels of the dimensions that the ellipsis stands for count down from here, the last dimension first.</summary>
    private const int Anonymous = -1;

    public static void Import(OnnxNode node)
    {
        var equation = node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        if (equation.Length == 0 || sides.Length > 2 || terms.Length != node.InputCount)
            throw node.Attributes.Value("equation", $"'{equation}'", $"it must name {node.InputCount} operands");
        var operands = Enumerable.Range(0, terms.Length).Select(k => node.Input(k, "operand")).ToArray();
        var labels = terms.Select((t, k) => Labels(node, t, operands[k].Rank)).ToArray();
        var result = sides.Length == 2 ? Explicit(node, sides[1], labels) : Implicit(labels);
        if (result.Distinct().Count() != result.Count)
            throw node.Attributes.Value("equation", $"'{equation}'", "a label may stand once on the right");
        var (current, at) = (operands[0], labels[0]);
        for (var k = 1; k < operands.Length - 1; k++)
        {
            var needed = at.Concat(labels[k]).Distinct().Where(l => result.Contains(l) || labels.Skip(k + 1).Any(r => r.Contains(l))).ToSeq();
            current = node.Emit("partial", new Contraction(at, labels[k], needed), current, operands[k]);
            at = needed;
        }
        if (operands.Length == 1)
            node.Output(new Contraction(at, [], result), current);
        else
            node.Output(new Contraction(at, labels[^1], result), current, operands[^1]);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Einsum", "matrix product", 12).Input(3, 4).Constant(4, 2).With("equation", "ij,jk->ik"),
        OperatorCase.Of("Einsum", "batch, two inputs", 12).Input(2, 3, 4).Input(2, 4, 2).With("equation", "bij, bjk -> bik"),
        OperatorCase.Of("Einsum", "attention scores").Input(1, 3, 2, 2).Input(1, 4, 2, 2).With("equation", "bqhd,bkhd->bhqk"),
        OperatorCase.Of("Einsum", "transposed", 12).Input(2, 3).With("equation", "ij->ji"),
        OperatorCase.Of("Einsum", "sum of rows").Input(3, 4).With("equation", "ij->i"),
        OperatorCase.Of("Einsum", "diagonal").Input(2, 3, 3).With("equation", "...ii->...i"),
        OperatorCase.Of("Einsum", "inner, without arrow").Input(4).Input(4).With("equation", "i,i"),
        OperatorCase.Of("Einsum", "ellipsis stretches").Input(2, 1, 3).Constant(2, 4, 3).With("equation", "...i,...i->..."),
        OperatorCase.Of("Einsum", "three operands").Input(2, 3).Constant(3, 2).Input(2).With("equation", "ij,jk,k->i"),
    ];

    private static Seq<int> Labels(OnnxNode node, string term, int rank)
    {
        var dots = term.IndexOf(Ellipsis, StringComparison.Ordinal);
        var letters = dots < 0 ? term : term.Remove(dots, Ellipsis.Length);
        var hidden = rank - letters.Length;
        if (letters.Any(c => !char.IsAsciiLetter(c)) || hidden < 0 || (dots < 0 && hidden > 0))
            throw node.Attributes.Value("equation", $"'{term}' for a tensor of {rank} dimensions", "letters must stand for them, or an ellipsis for several");
        return dots < 0
            ? letters.Select(c => (int)c).ToSeq()
            : [.. letters[..dots].Select(c => (int)c), .. Hidden(hidden), .. letters[dots..].Select(c => (int)c)];
    }

    private static IEnumerable<int> Hidden(int count) => Enumerable.Range(0, count).Select(k => Anonymous - (count - 1 - k));

    private static Seq<int> Explicit(OnnxNode node, string right, Seq<int>[] labels)
    {
        var all = labels.SelectMany(l => l).ToHashSet();
        var hidden = labels.Max(t => t.Count(l => l < 0));
        var letters = right.Replace(Ellipsis, "", StringComparison.Ordinal).Length;
        var result = Labels(node, right, letters + (right.Contains(Ellipsis, StringComparison.Ordinal) ? hidden : 0));
        return result.All(all.Contains) ? result : throw node.Attributes.Value("equation", $"'{right}'", "a label on the right must be on the left");
    }

    /// <summary>Without an arrow: the hidden dimensions, then the labels that stand once, in the order of the alphabet.</summary>
    private static Seq<int> Implicit(Seq<int>[] labels)
    {
        var once = labels.SelectMany(l => l).Where(l => l >= 0).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order();
        return [.. Hidden(labels.Max(t => t.Count(l => l < 0))), .. once];
    }
}
