using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX DepthToSpace and SpaceToDepth: blocks of channels become blocks of pixels and back. A reshape, a transposition, a reshape.</summary>
internal static class DepthToSpace
{
    public static void Import(OnnxNode node)
    {
        var (x, block) = Read(node);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        if (c % (block * block) != 0)
            throw node.Refuse($"{c} channels are not a multiple of {block}²");
        var depth = c / (block * block);
        var mode = node.Opset >= 11 ? node.Attributes.Text("mode", "DCR") : "DCR";
        var (split, order) = mode switch
        {
            "DCR" => ((Seq<int>)[n, block, block, depth, h, w], (Seq<int>)[0, 3, 4, 1, 5, 2]),
            "CRD" => ((Seq<int>)[n, depth, block, block, h, w], (Seq<int>)[0, 1, 4, 2, 5, 3]),
            _ => throw node.Attributes.Value("mode", $"'{mode}'", "there are DCR and CRD"),
        };
        Write(node, x, split, order, [n, depth, h * block, w * block]);
    }

    public static void ImportSpaceToDepth(OnnxNode node)
    {
        var (x, block) = Read(node);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        if (h % block != 0 || w % block != 0)
            throw node.Refuse($"an image of {h} by {w} has no whole blocks of {block}");
        Write(node, x, [n, c, h / block, block, w / block, block], [0, 3, 5, 1, 2, 4], [n, c * block * block, h / block, w / block]);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("DepthToSpace", "depth, column, row", 7).Input(1, 8, 2, 3).With("blocksize", 2),
        OperatorCase.Of("DepthToSpace", "column, row, depth", 11).Input(1, 8, 2, 3).With("blocksize", 2).With("mode", "CRD"),
    ];

    public static IEnumerable<OperatorCase> SpaceToDepthCases() => [OperatorCase.Of("SpaceToDepth", "blocks of two", 7).Input(1, 2, 4, 6).With("blocksize", 2)];

    private static (Operand X, int Block) Read(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var block = node.Attributes.Int("blocksize");
        if (x.Rank != 4 || block is < 1 or > 4096)
            throw node.Refuse($"blocks of {block} in a tensor of shape {x.Shape}, which must be an image");
        return (x, (int)block);
    }

    private static void Write(OnnxNode node, Operand x, Seq<int> split, Seq<int> order, Seq<int> shape) =>
        node.Output(new Reshape(shape), node.Emit("moved", new Transpose(order), node.Emit("split", new Reshape(split), x)));
}
