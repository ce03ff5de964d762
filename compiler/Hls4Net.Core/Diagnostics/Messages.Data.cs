using System.Globalization;
using System.Text;

namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS4xxx: the data files that users hand in and take home.</summary>
public static partial class Messages
{
    public static readonly Rule CannotReadRule = new("HLS4001", Severity.Error, "A data file cannot be read.",
        "The file does not exist, is a directory, or the system refuses to open it. Check the path and the permissions.");

    public static readonly Rule NotNpyRule = new("HLS4002", Severity.Error, "A file is not a NumPy array.",
        """
        Files that end in .npy must have been written by numpy.save: they begin with the byte 0x93 and the letters NUMPY.
        Text is converted with
            numpy.save('x.npy', numpy.loadtxt('x.csv', delimiter=','))
        """);

    public static readonly Rule NpyHeaderBrokenRule = new("HLS4003", Severity.Error, "The header of a NumPy array makes no sense.",
        """
        A .npy file begins with a small dictionary that gives the element type, the index order and the shape. This one's is
        damaged or was made by hand. Write the file again with numpy.save.
        """);

    public static readonly Rule NpyVersionRule = new("HLS4004", Severity.Error, "A NumPy array has a format version that is not known.",
        "Versions 1.0, 2.0 and 3.0 exist today. Another number is damage, or a NumPy that is newer than this program.");

    public static readonly Rule ObjectArrayRule = new("HLS4005", Severity.Error, "A NumPy array holds Python objects.",
        """
        Arrays of dtype object are stored as pickles, which run code when they are read; they are never opened here. Such
        arrays mostly come from ragged lists. Convert before you save:
            numpy.save('x.npy', numpy.asarray(x, dtype=numpy.float64))
        """);

    public static readonly Rule NpyDTypeRule = new("HLS4006", Severity.Error, "A NumPy array has an element type that is not read.",
        """
        Read are bool, int8 to int64, uint8 to uint64, float16, float32 and float64, in either byte order. Complex numbers,
        strings, dates, long doubles and structures are not: convert with x.astype(numpy.float64).
        """);

    public static readonly Rule DataTruncatedRule = new("HLS4007", Severity.Error, "A NumPy array has less data than its shape needs.",
        "The file was cut off while it was copied or written, or its header was tampered with. Write or copy it again.");

    public static readonly Rule TrailingDataRule = new("HLS4008", Severity.Error, "A NumPy array is followed by more data.",
        """
        The file holds more bytes than its shape needs: several arrays were saved into one file, or the header is damaged.
        Nothing is dropped in silence. Save one array per file, or several in a .npz with numpy.savez.
        """);

    public static readonly Rule TooLargeForMemoryRule = new("HLS4009", Severity.Error, "An array is too large to be read at once.",
        """
        Commands that walk over events read them in batches of rows and take files of any size. This file was needed as a
        whole. Split it along the first dimension.
        """);

    public static readonly Rule ArrayShapeRule = new("HLS4010", Severity.Error, "An array has the wrong shape.",
        """
        Inputs and outputs are arrays whose first dimension counts events; the others are the shape of one event, as the
        ONNX model declares it. For a model input of shape [1, 57] or [batch, 57] that is [N, 57].
        """);

    public static readonly Rule ArrayTypeRule = new("HLS4011", Severity.Error, "An array has the wrong element type.",
        """
        With --raw, files hold the stored integers of fixed-point numbers: 5 in fixed<8,4> stands for 5/16. They must have an
        integer type, so that real numbers are not mistaken for them.
        """);

    public static readonly Rule NotFiniteRule = new("HLS4012", Severity.Error, "Data contain values that are not finite.",
        """
        NaN and infinities have no fixed-point value and would spoil every range that is measured on the data. They are not
        replaced in silence. In Python: x = numpy.nan_to_num(x), if that is what you mean.
        """);

    public static readonly Rule NotWholeRule = new("HLS4013", Severity.Error, "An integer was needed and something else was found.",
        "The element has a fraction, is not finite, or lies outside the range of int64. Round deliberately before you save.");

    public static readonly Rule IntegerTooLargeForDoubleRule = new("HLS4014", Severity.Error, "An integer is too large to be an exact real number.",
        """
        A float64 holds integers exactly up to 2^53. This one has no equal and would be changed in silence. Save the values
        as float64 if the loss is meant, or as raw integers with --raw.
        """);

    public static readonly Rule NpzBrokenRule = new("HLS4015", Severity.Error, "A .npz archive cannot be read.",
        "A .npz is a zip archive with one .npy file per array, as numpy.savez writes it. This one is damaged or holds other things.");

    public static readonly Rule CannotWriteRule = new("HLS4016", Severity.Error, "A file cannot be written.",
        "The folder does not exist, is not writable, or the disk is full. What stood there before is unchanged, and no half-written file is left.");

    public static Diagnostic CannotRead(string path, string reason) =>
        new(CannotReadRule, path, $"The file cannot be read: {Clause(reason)}.");

    public static Diagnostic NotNpy(string where, string found) =>
        new(NotNpyRule, where, $"This is not a NumPy array: {found}.", "Write it with numpy.save.");

    public static Diagnostic NpyHeaderBroken(string where, string what) =>
        new(NpyHeaderBrokenRule, where, $"The header makes no sense: {what}.");

    public static Diagnostic NpyVersion(string where, string version) =>
        new(NpyVersionRule, where, $"The file says that it has format version {version}; 1.0, 2.0 and 3.0 are read.");

    public static Diagnostic ObjectArray(string where) =>
        new(ObjectArrayRule, where, "The array holds Python objects (a pickle), which are never opened.", "Save it as numbers: x.astype(numpy.float64).");

    public static Diagnostic NpyDType(string where, string found) =>
        new(NpyDTypeRule, where, $"The element type '{found}' is not read; bool, int8 to int64, uint8 to uint64 and float16 to float64 are.",
            "Convert it: x.astype(numpy.float64).");

    public static Diagnostic DataTruncated(string where, UInt128 needed, long found) =>
        new(DataTruncatedRule, where, $"The shape needs {Number(needed)} bytes of data, and {Number((UInt128)Math.Max(0, found))} are there.");

    /// <param name="where">The file.</param>
    /// <param name="extra">How many bytes follow; null if nobody counted them.</param>
    public static Diagnostic TrailingData(string where, long? extra) =>
        new(TrailingDataRule, where, extra is null
            ? "More data follow the array."
            : $"{Number((UInt128)extra)} bytes follow the array.", "Save one array per .npy file.");

    public static Diagnostic TooLargeForMemory(string where, UInt128 bytes, long maximum) =>
        new(TooLargeForMemoryRule, where, $"The array has {Number(bytes)} bytes; at most {Number((UInt128)Math.Max(0, maximum))} are read at once.");

    public static Diagnostic ArrayShape(string where, string found, string needed, string advice) =>
        new(ArrayShapeRule, where, $"The array has shape {found}; {needed} is needed.", advice);

    public static Diagnostic ArrayType(string where, string found, string needed, string advice) =>
        new(ArrayTypeRule, where, $"The array has elements of type {found}; {needed} is needed.", advice);

    public static Diagnostic NotFinite(string where, long count, string index, string kind) =>
        new(NotFiniteRule, where, count == 1
            ? $"The value at {index} is {kind}."
            : $"{count} values are not finite; the first, at {index}, is {kind}.");

    public static Diagnostic NotWhole(string where, string type, string index, string value) =>
        new(NotWholeRule, where, $"The {type} at {index} is {value}; a whole number within int64 is needed.");

    public static Diagnostic IntegerTooLargeForDouble(string where, string index, string value) =>
        new(IntegerTooLargeForDoubleRule, where, $"The integer {value} at {index} has no equal float64.");

    public static Diagnostic NpzBroken(string where, string what) =>
        new(NpzBrokenRule, where, $"The archive cannot be read: {Clause(what)}.");

    public static Diagnostic CannotWrite(string path, string reason) =>
        new(CannotWriteRule, path, $"The file cannot be written: {Clause(reason)}.");

    /// <summary>Text that nobody vouches for, from a file or a program: control characters replaced, cut to a length.</summary>
    public static string Printable(string text, int maximum = 60)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var visible = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
            clean.Append(visible ? rune.ToString() : "?");
            if (clean.Length >= maximum)
                return $"{clean}...";
        }
        return clean.ToString();
    }

    /// <summary>A system's message as the end of our sentence.</summary>
    private static string Clause(string reason) => reason.TrimEnd('.', ' ', '\n', '\r');

    private static string Number(UInt128 value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
