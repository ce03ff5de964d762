using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>
/// The header of a .npy file (NumPy enhancement proposal 1, versions 1.0 to 3.0): magic, version, length, and a
/// Python dictionary with exactly the keys <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.
/// </summary>
/// <param name="Type">Element type.</param>
/// <param name="BigEndian">Whether elements are stored with their most significant byte first.</param>
/// <param name="Fortran">Whether the first index varies fastest.</param>
/// <param name="Shape">Extents as claimed; nothing was checked against the file's length.</param>
/// <param name="DataOffset">Bytes before the first element.</param>
internal sealed record NpyHeader(NpyType Type, bool BigEndian, bool Fortran, Seq<long> Shape, long DataOffset)
{
    /// <summary>NumPy refuses more dimensions than this.</summary>
    private const int MaximumRank = 64;

    private const int MaximumHeaderBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The number of elements that the shape claims; <see cref="long.MaxValue"/> stands for anything larger.</summary>
    public long Elements
    {
        get
        {
            if (Shape.Contains(0))
                return 0;
            var product = UInt128.One;
            foreach (var extent in Shape)
            {
                product *= (UInt128)extent;
                if (product > (UInt128)long.MaxValue)
                    return long.MaxValue;
            }
            return (long)product;
        }
    }

    /// <summary>Bytes of data that the shape claims, without overflow.</summary>
    public UInt128 DataBytes => (UInt128)Elements * (UInt128)Type.Size();

    /// <summary>Reads a header and leaves the stream at the first element.</summary>
    /// <exception cref="UserErrorException">HLS4002 to HLS4006.</exception>
    public static NpyHeader Read(Stream stream, string where)
    {
        Span<byte> start = stackalloc byte[12];
        var got = stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (got < 6 || !start[..6].SequenceEqual(Magic))
            throw new UserErrorException(Messages.NotNpy(where, Describe(start[..got])));
        var (major, minor) = (start[6], start[7]);
        if (got < 10)
            throw Broken(where, "the file ends inside its header");
        if (major is < 1 or > 3 || minor != 0)
            throw new UserErrorException(Messages.NpyVersion(where, $"{major}.{minor}"));

        var prefix = 10;
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (major > 1)
        {
            prefix = 12;
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
                throw Broken(where, "the file ends inside its header");
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > MaximumHeaderBytes)
            throw Broken(where, $"it claims to be {length} bytes long; at most {MaximumHeaderBytes} make sense");
        var bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Broken(where, "the file ends inside its header");
        var text = (major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
        return Interpret(new NpyHeaderText(text, where).Parse(), where, prefix + length);
    }

    /// <summary>
    /// A version 1.0 header, byte for byte as NumPy 1.23 and later write it: room for the first extent to grow to
    /// 21 digits, then at least one space up to a multiple of 64.
    /// </summary>
    public static byte[] Format(NpyType type, Seq<long> shape)
    {
        var order = type.Size() == 1 ? '|' : '<';
        var tuple = shape.Count == 1 ? $"{Digits(shape[0])}," : string.Join(", ", shape.Select(Digits));
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{{'descr': '{order}{type.Code()}', 'fortran_order': False, 'shape': ({tuple}), }}");
        if (shape.Count > 0)
            text.Append(' ', 21 - Digits(shape[0]).Length);
        text.Append(' ', 64 - (11 + text.Length) % 64).Append('\n');

        var header = new byte[10 + text.Length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)text.Length);
        Encoding.ASCII.GetBytes(text.ToString(), header.AsSpan(10));
        return header;
    }

    private static string Digits(long extent) => extent.ToString(CultureInfo.InvariantCulture);

    private static NpyHeader Interpret(NpyHeaderText.Fields fields, string where, long dataOffset)
    {
        var descr = fields.Descr;
        if (descr.Length > 1 && descr[1..] == "O")
            throw new UserErrorException(Messages.ObjectArray(where));
        var type = descr.Length > 1 && "<>|=".Contains(descr[0], StringComparison.Ordinal) ? NpyTypes.FromCode(descr[1..]) : null;
        if (type is null)
            throw new UserErrorException(Messages.NpyDType(where, Messages.Printable(descr)));
        if (descr[0] == '|' && type.Value.Size() > 1)
            throw Broken(where, $"the type '{descr}' lacks a byte order");
        if (fields.Shape.Count > MaximumRank)
            throw Broken(where, $"it has {fields.Shape.Count} dimensions; at most {MaximumRank} are possible");
        var bigEndian = descr[0] == '>' || (descr[0] == '=' && !BitConverter.IsLittleEndian);
        return new NpyHeader(type.Value, bigEndian, fields.Fortran, fields.Shape, dataOffset);
    }

    private static UserErrorException Broken(string where, string what) => new(Messages.NpyHeaderBroken(where, what));

    private static string Describe(ReadOnlySpan<byte> start) => start switch
    {
        [] => "it is empty",
        [(byte)'P', (byte)'K', ..] => "it is a zip archive: a .npz renamed to .npy?",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "it is an HDF5 file",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "it is a picture",
        [0x1f, 0x8b, ..] => "it is compressed with gzip",
        [0x80, >= 2 and <= 5, ..] => "it looks like a Python pickle",
        _ when Printable(start) => $"it begins with the text '{Encoding.ASCII.GetString(start)}'",
        _ => $"it begins with the bytes {Convert.ToHexStringLower(start[..Math.Min(6, start.Length)])}",
    };

    private static bool Printable(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
