namespace Hls4Net.Core.Data;

/// <summary>The element types of arrays in files; the names are NumPy's.</summary>
public enum NpyType
{
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float16,
    Float32,
    Float64,
}

/// <summary>What an <see cref="NpyType"/> is called, how wide it is, and which .NET type holds it.</summary>
public static class NpyTypes
{
    private static readonly (string Name, string Code, int Size, Type Clr)[] Table =
    [
        ("bool", "b1", 1, typeof(bool)),
        ("int8", "i1", 1, typeof(sbyte)),
        ("int16", "i2", 2, typeof(short)),
        ("int32", "i4", 4, typeof(int)),
        ("int64", "i8", 8, typeof(long)),
        ("uint8", "u1", 1, typeof(byte)),
        ("uint16", "u2", 2, typeof(ushort)),
        ("uint32", "u4", 4, typeof(uint)),
        ("uint64", "u8", 8, typeof(ulong)),
        ("float16", "f2", 2, typeof(Half)),
        ("float32", "f4", 4, typeof(float)),
        ("float64", "f8", 8, typeof(double)),
    ];

    /// <summary>NumPy's name, as in <c>numpy.dtype(...).name</c>.</summary>
    public static string Name(this NpyType type) => Table[(int)type].Name;

    /// <summary>Bytes per element.</summary>
    public static int Size(this NpyType type) => Table[(int)type].Size;

    public static bool IsFloat(this NpyType type) => type >= NpyType.Float16;

    /// <summary>The element type that a .NET type stands for.</summary>
    /// <exception cref="ArgumentException">NumPy has no such type, or Hls4Net does not read it.</exception>
    public static NpyType Of(Type clr)
    {
        var index = Array.FindIndex(Table, t => t.Clr == clr);
        return index >= 0 ? (NpyType)index : throw new ArgumentException($"Arrays of {clr} have no NumPy type here.", nameof(clr));
    }

    /// <summary>The type code without its byte order: <c>f4</c>.</summary>
    internal static string Code(this NpyType type) => Table[(int)type].Code;

    internal static NpyType? FromCode(string code)
    {
        var index = Array.FindIndex(Table, t => t.Code == code);
        return index >= 0 ? (NpyType)index : null;
    }

    internal static Array CreateArray(this NpyType type, int count) => Array.CreateInstance(Table[(int)type].Clr, count);
}
