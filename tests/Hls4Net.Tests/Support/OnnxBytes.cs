using System.Text;

namespace Hls4Net.Tests.Support;

/// <summary>
/// Writes small ONNX files field by field, independently of the code under test. Field numbers are those of the public
/// onnx.proto.
/// </summary>
internal static class OnnxBytes
{
    public const int Float = 1;
    public const int Double = 11;

    /// <param name="nodes">From <see cref="Node"/>.</param>
    /// <param name="inputs">From <see cref="Value"/>.</param>
    /// <param name="outputs">From <see cref="Value"/>.</param>
    /// <param name="initializers">From <see cref="Tensor"/>.</param>
    /// <param name="opset">Version of the standard operators.</param>
    /// <param name="domain">A second domain that the file imports in version 1.</param>
    public static byte[] Model(byte[][] nodes, byte[][] inputs, byte[][] outputs, byte[][]? initializers = null, int opset = 13, string? domain = null) =>
    [
        .. Int(1, 8),
        .. Bytes(7, [.. nodes.SelectMany(n => Bytes(1, n)), .. Text(2, "g"), .. (initializers ?? []).SelectMany(i => Bytes(5, i)),
            .. inputs.SelectMany(i => Bytes(11, i)), .. outputs.SelectMany(o => Bytes(12, o))]),
        .. Bytes(8, [.. Text(1, ""), .. Int(2, opset)]),
        .. domain is null ? [] : Bytes(8, [.. Text(1, domain), .. Int(2, 1)]),
    ];

    /// <summary>y = max(0, x · w) from the four elements of x to the three of y.</summary>
    public static byte[] DenseAndRelu() => Model(
        [Node("MatMul", ["x", "w"], ["product"]), Node("Relu", ["product"], ["y"])], [Value("x", 1, "batch", 4)], [Value("y", 1, "batch", 3)],
        [Tensor("w", [4, 3], 0.5f, -1, 0.25f, 2, 1, -0.75f, 0.5f, 1.5f, 0.125f, -2, 0.5f, 1)]);

    public static byte[] Node(string op, string[] inputs, string[] outputs, string domain = "") =>
        [.. inputs.SelectMany(i => Text(1, i)), .. outputs.SelectMany(o => Text(2, o)), .. Text(3, "make_" + outputs[0]), .. Text(4, op), .. Text(7, domain)];

    /// <param name="name">Name in the graph.</param>
    /// <param name="type">Number of the element type.</param>
    /// <param name="shape">Extents; text is a symbol.</param>
    public static byte[] Value(string name, int type, params object[] shape)
    {
        var dimensions = shape.SelectMany(d => Bytes(1, d is string symbol ? Text(2, symbol) : Int(1, Convert.ToInt64(d))));
        return [.. Text(1, name), .. Bytes(2, Bytes(1, [.. Int(1, type), .. Bytes(2, [.. dimensions])]))];
    }

    public static byte[] Tensor(string name, int[] shape, params float[] values) =>
        [.. shape.SelectMany(d => Int(1, d)), .. Int(2, Float), .. Text(8, name), .. Bytes(9, [.. values.SelectMany(BitConverter.GetBytes)])];

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value & 0x7F | 0x80), .. Varint(value >> 7)];

    private static byte[] Int(int field, long value) => [.. Varint((ulong)field << 3), .. Varint(unchecked((ulong)value))];

    private static byte[] Bytes(int field, byte[] content) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));
}
