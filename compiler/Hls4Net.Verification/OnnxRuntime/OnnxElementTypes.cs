using Hls4Net.Core.Data;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>The numbers of <c>ONNXTensorElementDataType</c>, which are those of <c>TensorProto.DataType</c>.</summary>
internal static class OnnxElementTypes
{
    private static readonly (string Name, NpyType? Type)[] Table =
    [
        ("undefined", null),
        ("float", NpyType.Float32),
        ("uint8", NpyType.UInt8),
        ("int8", NpyType.Int8),
        ("uint16", NpyType.UInt16),
        ("int16", NpyType.Int16),
        ("int32", NpyType.Int32),
        ("int64", NpyType.Int64),
        ("string", null),
        ("bool", NpyType.Bool),
        ("float16", NpyType.Float16),
        ("double", NpyType.Float64),
        ("uint32", NpyType.UInt32),
        ("uint64", NpyType.UInt64),
        ("complex64", null),
        ("complex128", null),
        ("bfloat16", null),
    ];

    public static string Name(int code) => code >= 0 && code < Table.Length ? Table[code].Name : $"element type {code}";

    public static NpyType? Type(int code) => code >= 0 && code < Table.Length ? Table[code].Type : null;

    public static int Code(NpyType type) => Array.FindIndex(Table, t => t.Type == type);
}
