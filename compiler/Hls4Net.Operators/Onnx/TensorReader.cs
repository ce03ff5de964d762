using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>
/// Reads constant tensors in every storage form of ONNX (raw little-endian bytes, typed fields, external files, sparse) into exact numbers.
/// Nothing is allocated before the shape has been held against the bytes that are there.
/// </summary>
/// <param name="folder">The model's folder, where external data lie; null if the model did not come from a file.</param>
internal sealed class TensorReader(string? folder)
{
    /// <summary>The most elements that a tensor can have.</summary>
    public const int MaximumElements = 1 << 24;

    private readonly ExternalData _external = new(folder);

    /// <summary>The tensor's values.</summary>
    /// <param name="where">Names the tensor in messages.</param>
    /// <exception cref="ImportException">The tensor is damaged, too large, not finite, or of a type that is not supported.</exception>
    public ConstantTensor Read(TensorProto tensor, string where)
    {
        var type = (DataType)tensor.DataType;
        if (!ElementTypes.IsSupported(type))
            throw new ImportException(Messages.ElementType(where, ElementTypes.NameOf(type)));
        if (tensor.Segment is not null)
            throw new ImportException(Messages.TensorData(where, "The tensor is split into segments, which ONNX has withdrawn."));
        var (shape, count) = ReadShape(tensor.Dims, where);
        var bytes = BytesOf(tensor, type, count, where);
        var values = new Dyadic[count];
        if (bytes is { } raw)
            ReadRaw(raw.Span, type, values, where);
        else
            ReadFields(tensor, type, values, where);
        return ConstantTensor.Of(shape, Seq.Own(values));
    }

    /// <summary>A shape of the file with its number of elements, both within bounds.</summary>
    public static (Seq<int> Shape, int Count) ReadShape(IReadOnlyList<long> dims, string where)
    {
        UInt128 count = 1;
        foreach (var dim in dims)
        {
            if (dim < 0)
                throw new ImportException(Messages.TensorData(where, $"The shape {Text(dims)} has a negative extent."));
            count = dim == 0 ? 0 : count > ulong.MaxValue ? count : count * (ulong)dim;
        }
        if (dims.Contains(0))
            count = 0;
        if (count > MaximumElements || dims.Any(d => d > int.MaxValue) || dims.Count > 64)
            throw new ImportException(Messages.TensorTooLarge(where, $"The shape {Text(dims)} is too large; at most {MaximumElements} elements are read."));
        return (dims.Select(d => (int)d).ToSeq(), (int)count);
    }

    /// <summary>The bytes of raw or external data, checked against the number of elements, or null if the data are in typed fields.</summary>
    private ReadOnlyMemory<byte>? BytesOf(TensorProto tensor, DataType type, int count, string where)
    {
        var needed = ((long)count * ElementTypes.Bits(type) + 7) / 8;
        if (tensor.DataLocation == DataLocation.External)
            return _external.Read(tensor.ExternalData, needed, where);
        var fields = FieldCount(tensor, type);
        if (!tensor.HasRawData || (tensor.RawData.IsEmpty && fields > 0))
        {
            var entries = ElementTypes.Bits(type) == 4 ? (count + 1) / 2 : count;
            return fields == entries ? null : throw new ImportException(Messages.TensorData(where, Invariant(
                $"The shape {Text(tensor.Dims)} asks for {entries} numbers of type {ElementTypes.NameOf(type)}, and the file holds {fields}.")));
        }
        return tensor.RawData.Length == needed ? tensor.RawData.Memory : throw new ImportException(Messages.TensorData(where, Invariant(
            $"The shape {Text(tensor.Dims)} of type {ElementTypes.NameOf(type)} asks for {needed} bytes, and the file holds {tensor.RawData.Length}.")));
    }

    private static int FieldCount(TensorProto tensor, DataType type) => type switch
    {
        DataType.Float => tensor.FloatData.Count,
        DataType.Double => tensor.DoubleData.Count,
        DataType.Int64 => tensor.Int64Data.Count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
        _ => tensor.Int32Data.Count,
    };

    private static void ReadFields(TensorProto tensor, DataType type, Dyadic[] values, string where)
    {
        var check = new FiniteCheck(where);
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = type switch
            {
                DataType.Float => check.Exact(tensor.FloatData[k], k),
                DataType.Double => check.Exact(tensor.DoubleData[k], k),
                DataType.Float16 => check.Exact((double)BitConverter.UInt16BitsToHalf(Low(tensor.Int32Data[k], where)), k),
                DataType.Bfloat16 => check.Exact(BitConverter.UInt32BitsToSingle((uint)Low(tensor.Int32Data[k], where) << 16), k),
                DataType.Int64 => Whole(tensor.Int64Data[k]),
                DataType.Uint64 => new Dyadic(tensor.Uint64Data[k], 0),
                DataType.Uint32 => Whole(InRange(tensor.Uint64Data[k], type, where)),
                DataType.Int4 or DataType.Uint4 => Whole(Nibble((byte)(tensor.Int32Data[k / 2] & 0xFF), k, type)),
                _ => Whole(InRange(tensor.Int32Data[k], type, where)),
            };
        }
        check.Finish();
    }

    private static void ReadRaw(ReadOnlySpan<byte> raw, DataType type, Dyadic[] values, string where)
    {
        var check = new FiniteCheck(where);
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = type switch
            {
                DataType.Float => check.Exact(BinaryPrimitives.ReadSingleLittleEndian(raw[(4 * k)..]), k),
                DataType.Double => check.Exact(BinaryPrimitives.ReadDoubleLittleEndian(raw[(8 * k)..]), k),
                DataType.Float16 => check.Exact((double)BinaryPrimitives.ReadHalfLittleEndian(raw[(2 * k)..]), k),
                DataType.Bfloat16 => check.Exact(BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * k)..]) << 16), k),
                DataType.Int64 => Whole(BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * k)..])),
                DataType.Uint64 => new Dyadic(BinaryPrimitives.ReadUInt64LittleEndian(raw[(8 * k)..]), 0),
                DataType.Int32 => Whole(BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * k)..])),
                DataType.Uint32 => Whole(BinaryPrimitives.ReadUInt32LittleEndian(raw[(4 * k)..])),
                DataType.Int16 => Whole(BinaryPrimitives.ReadInt16LittleEndian(raw[(2 * k)..])),
                DataType.Uint16 => Whole(BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * k)..])),
                DataType.Int8 => Whole(unchecked((sbyte)raw[k])),
                DataType.Bool => Whole(raw[k] == 0 ? 0 : 1),
                DataType.Int4 or DataType.Uint4 => Whole(Nibble(raw[k / 2], k, type)),
                _ => Whole(raw[k]),
            };
        }
        check.Finish();
    }

    /// <summary>The dense tensor that a sparse one stands for.</summary>
    public ConstantTensor Read(SparseTensorProto sparse, string where)
    {
        if (sparse.Values is null || sparse.Indices is null)
            throw new ImportException(Messages.Sparse(where, "The values or their positions are missing."));
        var (shape, count) = ReadShape(sparse.Dims, where);
        var values = Read(sparse.Values, where);
        var indices = Read(sparse.Indices, where);
        var linear = indices.Shape.Count == 1;
        var coordinates = linear ? 1 : shape.Count;
        if (values.Shape.Count != 1 || indices.Values.Count != (long)values.Values.Count * coordinates
            || !(linear || (indices.Shape.Count == 2 && indices.Shape[1] == shape.Count)))
            throw new ImportException(Messages.Sparse(where, $"{values.Values.Count} values and positions of shape {indices.Shape} do not belong together."));
        var dense = new Dyadic[count];
        var previous = -1L;
        for (var k = 0; k < values.Values.Count; k++)
        {
            long position = 0;
            for (var c = 0; c < coordinates; c++)
            {
                var extent = linear ? count : shape[c];
                var index = indices.Values[k * coordinates + c];
                position = index.Exponent >= 0 && index.Sign >= 0 && index < extent
                    ? checked(position * extent + (long)index.ToRaw(0))
                    : throw new ImportException(Messages.Sparse(where, "A position lies outside the shape."));
            }
            if (position <= previous)
                throw new ImportException(Messages.Sparse(where, "Positions are not in ascending order."));
            dense[position] = values.Values[k];
            previous = position;
        }
        return ConstantTensor.Of(shape, Seq.Own(dense));
    }

    private static long InRange(long value, DataType type, string where)
    {
        var range = ElementTypes.IntegerType(type)!.Value;
        return value >= range.MinimumRaw && value <= range.MaximumRaw ? value : throw OutOfRange(value, type, where);
    }

    private static long InRange(ulong value, DataType type, string where) =>
        value <= uint.MaxValue ? (long)value : throw OutOfRange(value, type, where);

    private static ushort Low(int bits, string where) => bits is >= 0 and <= ushort.MaxValue ? (ushort)bits : throw OutOfRange(bits, DataType.Uint16, where);

    private static ImportException OutOfRange(BigInteger value, DataType type, string where) =>
        new(Messages.TensorData(where, Invariant($"The number {value} is not of type {ElementTypes.NameOf(type)}.")));

    private static int Nibble(byte pair, int element, DataType type)
    {
        var code = element % 2 == 0 ? pair & 15 : pair >> 4;
        return type == DataType.Int4 && code > 7 ? code - 16 : code;
    }

    private static Dyadic Whole(long value)
    {
        var zeros = value == 0 ? 0 : BitOperations.TrailingZeroCount(value);
        return new(value >> zeros, zeros);
    }

    private static string Text(IReadOnlyList<long> dims) => $"[{string.Join(", ", dims.Take(16))}{(dims.Count > 16 ? ", …" : "")}]";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Counts what is not finite, so that one message tells of all of it.</summary>
    private sealed class FiniteCheck(string where)
    {
        private long _count;
        private long _first;
        private double _what;

        public Dyadic Exact(double value, int element)
        {
            if (double.IsFinite(value))
                return Numbers.Exact(value);
            if (_count++ == 0)
                (_first, _what) = (element, value);
            return Dyadic.Zero;
        }

        public void Finish()
        {
            if (_count > 0)
                throw new ImportException(Messages.NotFiniteWeight(where, _count, double.IsNaN(_what) ? "NaN" : "infinite", _first));
        }
    }
}
