using System.Globalization;
using Hls4Net.Core.Numbers;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Onnx;

/// <summary>What the compiler needs to know of ONNX element types.</summary>
internal static class ElementTypes
{
    public static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16;

    public static bool IsInteger(DataType type) => IntegerType(type) is not null && type != DataType.Bool;

    public static bool IsSupported(DataType type) => IsFloat(type) || IntegerType(type) is not null;

    /// <summary>The numbers that an integer or truth value can be; null for other types.</summary>
    public static FixedType? IntegerType(DataType type) => type switch
    {
        DataType.Bool => FixedType.Bit,
        DataType.Uint4 => new(false, 4, 4),
        DataType.Int4 => new(true, 4, 4),
        DataType.Uint8 => new(false, 8, 8),
        DataType.Int8 => new(true, 8, 8),
        DataType.Uint16 => new(false, 16, 16),
        DataType.Int16 => new(true, 16, 16),
        DataType.Uint32 => new(false, 32, 32),
        DataType.Int32 => new(true, 32, 32),
        DataType.Uint64 => new(false, 64, 64),
        DataType.Int64 => new(true, 64, 64),
        _ => null,
    };

    /// <summary>Bits of one element in raw data.</summary>
    public static int Bits(DataType type) => type switch
    {
        DataType.Float => 32,
        DataType.Double => 64,
        DataType.Float16 or DataType.Bfloat16 => 16,
        DataType.Bool => 8,
        _ => IntegerType(type)!.Value.Width,
    };

    /// <summary>The name that the ONNX documentation uses.</summary>
    public static string NameOf(DataType type) =>
        Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"number {(int)type}");
}
