using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Tests.Support;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>The same numbers from every storage form.</summary>
public sealed class TensorReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Element type, raw bytes in hexadecimal, and the numbers; the bytes were written down from the definitions of the formats.</summary>
    public static TheoryData<int, string, double[]> Raw() => new()
    {
        { 1, "0000803F 000000C0 01000000 000020C1", [1, -2, float.Epsilon, -10] },
        { 11, "000000000000F03F 00000000000004C0", [1, -2.5] },
        { 10, "003C 00C0 0100 FF7B", [1, -2, 5.9604644775390625e-8, 65504] },
        { 16, "803F 00C0 2041", [1, -2, 10] },
        { 2, "00 01 80 FF", [0, 1, 128, 255] },
        { 3, "00 01 80 FF", [0, 1, -128, -1] },
        { 4, "0100 FFFF", [1, 65535] },
        { 5, "0100 FFFF 0080", [1, -1, -32768] },
        { 6, "01000000 FFFFFFFF 00000080", [1, -1, int.MinValue] },
        { 7, "0100000000000000 FEFFFFFFFFFFFFFF", [1, -2] },
        { 9, "00 01 FF", [0, 1, 1] },
        { 12, "01000000 FFFFFFFF", [1, uint.MaxValue] },
        { 13, "0100000000000000 0000000000000080", [1, 9223372036854775808] },
        { 21, "10 F2", [0, 1, 2, 15] },
        { 22, "10 F8", [0, 1, -8, -1] },
    };

    /// <summary>Element type, numbers in its field of the message, and what they mean.</summary>
    public static TheoryData<int, double[], double[]> Fields() => new()
    {
        { 1, [1.5, -2], [1.5, -2] },
        { 11, [1e300, -2], [1e300, -2] },
        { 10, [0x3C00, 0xC000], [1, -2] },
        { 16, [0x3F80, 0xC000], [1, -2] },
        { 2, [0, 255], [0, 255] },
        { 3, [-128, 127], [-128, 127] },
        { 4, [0, 65535], [0, 65535] },
        { 5, [-32768, 32767], [-32768, 32767] },
        { 6, [int.MinValue, 7], [int.MinValue, 7] },
        { 7, [-5, 7], [-5, 7] },
        { 9, [0, 1], [0, 1] },
        { 12, [0, uint.MaxValue], [0, uint.MaxValue] },
        { 13, [0, 9223372036854775808], [0, 9223372036854775808] },
        { 21, [0x21], [1, 2] },
        { 22, [0xF1], [1, -1] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Raw))]
    public void Raw_data_is_little_endian(int type, string bytes, double[] expected)
    {
        var raw = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, Read(new TensorProto { DataType = type, Dims = { expected.Length }, RawData = ByteString.CopyFrom(raw) }));
    }

    [Theory]
    [MemberData(nameof(Raw))]
    public void External_data_is_read_at_its_offset(int type, string bytes, double[] expected)
    {
        var raw = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        Directory.CreateDirectory(_folder["sub"]);
        _folder.Write("sub/w.bin", [1, 2, 3, .. raw, 4]);
        var tensor = new TensorProto { DataType = type, Dims = { expected.Length }, DataLocation = DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "sub/w.bin" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "3" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{raw.Length}" });
        Assert.Equal(expected, Read(tensor));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Typed_fields_hold_what_the_format_says(int type, double[] field, double[] expected)
    {
        var tensor = new TensorProto { DataType = type, Dims = { expected.Length } };
        switch ((DataType)type)
        {
            case DataType.Float:
                tensor.FloatData.AddRange(field.Select(v => (float)v));
                break;
            case DataType.Double:
                tensor.DoubleData.AddRange(field);
                break;
            case DataType.Int64:
                tensor.Int64Data.AddRange(field.Select(v => (long)v));
                break;
            case DataType.Uint32 or DataType.Uint64:
                tensor.Uint64Data.AddRange(field.Select(v => (ulong)v));
                break;
            default:
                tensor.Int32Data.AddRange(field.Select(v => (int)v));
                break;
        }
        Assert.Equal(expected, Read(tensor));
    }

    [Fact]
    public void Sparse_tensors_are_filled_with_zeros_from_linear_and_from_coordinate_positions()
    {
        var sparse = new SparseTensorProto
        {
            Values = OnnxModelBuilder.Tensor("v", [2], [3, -4]),
            Indices = OnnxModelBuilder.Tensor("i", [2], [1, 5], DataType.Int64),
            Dims = { 2, 3 },
        };
        double[] expected = [0, 3, 0, 0, 0, -4];
        Assert.Equal(expected, new TensorReader(null).Read(sparse, "c").Values.Select(v => v.ToDouble()));
        sparse.Indices = OnnxModelBuilder.Tensor("i", [2, 2], [0, 1, 1, 2], DataType.Int64);
        Assert.Equal(expected, new TensorReader(null).Read(sparse, "c").Values.Select(v => v.ToDouble()));
    }

    [Fact]
    public void Every_finite_float_is_read_exactly()
    {
        var random = new Random(5);
        for (var k = 0; k < 20_000; k++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
                Assert.Equal(Core.Numbers.Dyadic.FromDouble(value), Hls4Net.Operators.Onnx.Numbers.Exact(value));
        }
    }

    [Fact]
    public void A_tensor_that_claims_petabytes_costs_nothing()
    {
        var tensor = new TensorProto { DataType = 1, Dims = { 1 << 12, 1 << 12 }, RawData = ByteString.CopyFrom([1, 2, 3, 4]) };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Messages.TensorDataRule, Assert.Throws<ImportException>(() => Read(tensor)).Diagnostic.Rule);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private double[] Read(TensorProto tensor) => [.. new TensorReader(_folder.Path).Read(tensor, "c").Values.Select(v => v.ToDouble())];
}
