using System.IO.Compression;
using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Data;

public sealed class DataDiagnosticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_cannot_be_opened_are_named()
    {
        Expect("HLS4001", "no such file", () => Npy.Read(_folder["absent.npy"]));
        Expect("HLS4001", "no such file", () => Npz.Read(_folder["absent/absent.npz"]));
        Expect("HLS4001", "directory", () => NpyBatchReader.Open(_folder.Path));
        Expect("HLS4001", "not a file name", () => Npy.Read("a\0b"));
        Expect("HLS4001", "not a file name", () => Npy.Read(""));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("pt,eta,phi\n1,2,3", "begins with the text 'pt,eta,phi'")]
    [InlineData("PK\u0003\u0004aaaaaaaaaaa", "zip")]
    [InlineData("\u0089HDF\r\n\u001a\n....", "HDF5")]
    [InlineData("\u0089PNG\r\n\u001a\n....", "picture")]
    [InlineData("\u001f\u008b..........", "gzip")]
    [InlineData("\u0080\u0004..........", "pickle")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", "000000000000")]
    [InlineData("\u0093NUMPX\u0001\0", "934e554d5058")]
    public void Another_kind_of_file_is_recognised(string content, string found) =>
        ExpectBoth("HLS4002", found, Encoding.Latin1.GetBytes(content));

    [Theory]
    [InlineData("", "'{' was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "'}' was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "'shape' is missing")]
    [InlineData("{'descr': '<f4', 'shape': (2,)}", "'fortran_order' is missing")]
    [InlineData("{'fortran_order': False, 'shape': (2,)}", "'descr' is missing")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "'more' is not one of")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "','")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': [2]}", "'('")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}", "','")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "non-negative")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "beyond all sense")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} import os", "follows the closing brace")]
    [InlineData("{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}", "expected")]
    [InlineData("{'descr': '<f4", "not closed")]
    [InlineData("{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}", "byte order")]
    [InlineData("{'descr': 7, 'fortran_order': False, 'shape': (2,)}", "quoted string")]
    public void A_header_that_makes_no_sense_is_explained(string header, string what) =>
        ExpectBoth("HLS4003", what, File(header, new byte[8]));

    [Fact]
    public void A_header_that_is_too_long_too_deep_or_cut_off_is_refused()
    {
        ExpectBoth("HLS4003", "4294967295", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, .. "{'descr'"u8]);
        ExpectBoth("HLS4003", "ends inside", [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr'"u8]);
        ExpectBoth("HLS4003", "ends inside", [0x93, .. "NUMPY"u8, 1, 0, 118]);
        ExpectBoth("HLS4003", "ends inside", [0x93, .. "NUMPY"u8, 2, 0, 118, 0, 0]);
        ExpectBoth("HLS4003", "65 dimensions", File($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Concat(Enumerable.Repeat("1,", 65))})}}", new byte[4]));
        Expect("HLS4003", "beyond 2^31", () => Npy.Read(_folder.Write("x.npy", Shaped("(0, 4294967296)", 0))));
        Expect("HLS4003", "one row", () => NpyBatchReader.Open(_folder.Write("x.npy", Shaped("(0, 4294967296, 4294967296)", 0))));
    }

    [Fact]
    public void An_unknown_version_is_refused() =>
        ExpectBoth("HLS4004", "version 4.1", [0x93, .. "NUMPY"u8, 4, 1, 0, 0, 0, 0]);

    [Theory]
    [InlineData("|O", "HLS4005")]
    [InlineData("<O", "HLS4005")]
    [InlineData("<f3", "HLS4006")]
    [InlineData("f4", "HLS4006")]
    [InlineData("", "HLS4006")]
    [InlineData("<", "HLS4006")]
    [InlineData("|V8", "HLS4006")]
    [InlineData("\u001b[31m<f4", "HLS4006")]
    public void A_type_that_is_not_read_is_refused(string type, string id) =>
        ExpectBoth(id, "", File($"{{'descr': '{type}', 'fortran_order': False, 'shape': (2,)}}", new byte[8]));

    [Theory]
    [InlineData("(3,)", 8, "12 bytes")]
    [InlineData("(1000000000000000,)", 8, "4,000,000,000,000,000 bytes")]
    [InlineData("(9223372036854775807, 9223372036854775807)", 8, "bytes of data, and 8 are there")]
    public void A_shape_that_claims_more_than_the_file_has_is_refused_without_memory(string shape, int bytes, string message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ExpectBoth("HLS4007", message, Shaped(shape, bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Data_after_the_array_are_refused() => ExpectBoth("HLS4008", "3 bytes follow", Shaped("(2,)", 11));

    [Fact]
    public void An_array_larger_than_allowed_is_refused()
    {
        var path = _folder.Write("x.npy", Shaped("(3,)", 12));
        Expect("HLS4009", "12 bytes; at most 11", () => Npy.Read(path, maximumBytes: 11));
        Assert.Equal(3, Npy.Read(path, maximumBytes: 12).Count);
        // A sparse file is as long as it claims and still does not fit.
        using (var sparse = new FileStream(_folder["sparse.npy"], FileMode.Create))
        {
            var header = Shaped("(1099511627776,)", 0);
            sparse.Write(header);
            sparse.SetLength(header.Length + (4L << 40));
        }
        Expect("HLS4009", "4,398,046,511,104", () => Npy.Read(_folder["sparse.npy"]));
        using var reader = NpyBatchReader.Open(_folder["sparse.npy"]);
        Assert.Equal([0.0, 0.0], reader.ReadDoubles(2));
    }

    [Fact]
    public void The_wrong_shape_says_what_was_found_what_is_needed_and_what_to_do()
    {
        DataChecks.RequireRows("x.npy", [0, 57], [57]);
        DataChecks.RequireRows(NpyArray.Of([2, 3], new float[6]), [3]);
        Expect("HLS4010", "shape [57]; [N, 57] is needed. This is one row", () => DataChecks.RequireRows("x.npy", [57], [57]));
        Expect("HLS4010", "x.T", () => DataChecks.RequireRows("x.npy", [57, 100], [57]));
        Expect("HLS4010", "reshape(-1, 57)", () => DataChecks.RequireRows("x.npy", [100, 19, 3], [57]));
        Expect("HLS4010", "shape [100, 56]; [N, 57]", () => DataChecks.RequireRows("x.npy", [100, 56], [57]));
        Expect("HLS4010", "shape []", () => NpyBatchReader.Open(_folder.Write("x.npy", Shaped("()", 4))));
        Expect("HLS4010", "at least one element", () => NpyBatchReader.Open(_folder.Write("x.npy", Shaped("(9223372036854775807, 0)", 0))));
        using var reader = NpyBatchReader.Open(_folder.Write("y.npy", Shaped("(2, 1)", 8)));
        Expect("HLS4010", "shape [2, 1]; [N, 1, 1]", () => DataChecks.RequireRows(reader, [1, 1]));
    }

    [Fact]
    public void Real_numbers_are_not_taken_for_raw_integers()
    {
        DataChecks.RequireIntegers("x.npy", NpyType.UInt8);
        Expect("HLS4011", "float32; an integer type", () => DataChecks.RequireIntegers("x.npy", NpyType.Float32));
        Expect("HLS4011", "bool", () => DataChecks.RequireIntegers("x.npy", NpyType.Bool));
    }

    [Fact]
    public void Values_that_are_not_finite_are_counted_and_located()
    {
        DataChecks.RequireFinite("x.npy", [1, 2, double.MaxValue, double.Epsilon], [2]);
        Expect("HLS4012", "2 values are not finite; the first, at [101, 0], is NaN",
            () => DataChecks.RequireFinite("x.npy", [1, 2, double.NaN, double.PositiveInfinity], [2], firstRow: 100));
        Expect("HLS4012", "at [0, 1, 1] is infinite", () => DataChecks.RequireFinite("x.npy", [1, 2, 3, double.NegativeInfinity], [2, 2]));
    }

    [Fact]
    public void Only_whole_numbers_become_integers()
    {
        Assert.Equal([-3L, 0, long.MinValue], NpyArray.Of([3], [-3.0, -0.0, -9223372036854775808.0]).ToInt64s());
        Assert.Equal([1L, 0], NpyArray.Of([2], [true, false]).ToInt64s());
        Assert.Equal([2048L], NpyArray.Of([1], [(Half)2048]).ToInt64s());
        Expect("HLS4013", "float64 at [1, 0] is 0.5", () => NpyArray.Of([2, 1], [1, 0.5]).ToInt64s());
        Expect("HLS4013", "NaN", () => NpyArray.Of([1], [float.NaN]).ToInt64s());
        Expect("HLS4013", "Infinity", () => NpyArray.Of([1], [Half.PositiveInfinity]).ToInt64s());
        Expect("HLS4013", "9.223372036854776E+18", () => NpyArray.Of([1], [9223372036854775808.0]).ToInt64s());
        Expect("HLS4013", "18446744073709551615", () => NpyArray.Of([1], [ulong.MaxValue]).ToInt64s());
        var path = _folder["x.npy"];
        Npy.Write(path, NpyArray.Of([3, 2], [0.0, 1, 2, 3, 4, 5.5]));
        Expect("HLS4013", "at [2, 1] is 5.5", () =>
        {
            using var reader = NpyBatchReader.Open(path);
            reader.ReadInt64s(2);
            reader.ReadInt64s(2);
        });
    }

    [Fact]
    public void Integers_become_real_numbers_only_if_nothing_is_lost()
    {
        Assert.Equal([9007199254740992.0, -9223372036854775808.0], NpyArray.Of([2], [1L << 53, long.MinValue]).ToDoubles());
        Assert.Equal([9223372036854775808.0], NpyArray.Of([1], [1UL << 63]).ToDoubles());
        Expect("HLS4014", "9007199254740993 at [1]", () => NpyArray.Of([2], [0, (1L << 53) + 1]).ToDoubles());
        Expect("HLS4014", "-9007199254740993", () => NpyArray.Of([1], [-(1L << 53) - 1]).ToDoubles());
        Expect("HLS4014", "18446744073709551615", () => NpyArray.Of([1], [ulong.MaxValue]).ToDoubles());
    }

    [Fact]
    public void A_damaged_archive_is_refused()
    {
        var content = new byte[1000];
        new Random(1).NextBytes(content);
        Npz.Write(_folder["x.npz"], [KeyValuePair.Create("x", NpyArray.Of([1000], content))]);
        var good = System.IO.File.ReadAllBytes(_folder["x.npz"]);
        Expect("HLS4015", "", () => Npz.Read(_folder.Write("cut.npz", good[..^30])));
        Expect("HLS4015", "", () => Npz.Read(_folder.Write("text.npz", "pt,eta"u8.ToArray())));
        Expect("HLS4015", "", () => Npz.Read(_folder.Write("empty.npz", [])));
        good[500] ^= 1;
        Expect("HLS4015", "checksum of its entry 'x'", () => Npz.Read(_folder.Write("flipped.npz", good)));
        Expect("HLS4015", "'readme.txt' is not a .npy", () => Npz.Read(Zip(("readme.txt", []))));
        Expect("HLS4015", "two entries 'x'", () => Npz.Read(Zip(("x.npy", Shaped("(0,)", 0)), ("x.npy", Shaped("(0,)", 0)))));
        Expect("HLS4007", "12 bytes", () => Npz.Read(Zip(("x.npy", Shaped("(3,)", 8)))));
        Expect("HLS4008", "3 bytes", () => Npz.Read(Zip(("x.npy", Shaped("(2,)", 11)))));
        Expect("HLS4009", "8 bytes; at most 4", () => Npz.Read(Zip(("x.npy", Shaped("(1,)", 4)), ("y.npy", Shaped("(2,)", 8))), maximumBytes: 8));
    }

    [Fact]
    public void An_archive_that_lies_about_its_size_costs_no_memory()
    {
        var bytes = System.IO.File.ReadAllBytes(Zip(("x.npy", Shaped("(250000000,)", 8))));
        // The central directory, the last record but one, holds the uncompressed size 24 bytes after its signature.
        var directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 1_000_000_000u + (uint)(Shaped("(250000000,)", 0).Length));
        var path = _folder.Write("lie.npz", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<UserErrorException>(() => Npz.Read(path));
        Assert.Contains(Assert.Single(error.Diagnostics).Rule.Id, new[] { "HLS4007", "HLS4015" });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void What_cannot_be_written_is_the_users_error_and_leaves_nothing()
    {
        var array = NpyArray.Of([1], new[] { 1.0 });
        Expect("HLS4016", "absent", () => Npy.Write(_folder["absent/x.npy"], array));
        Expect("HLS4016", "directory", () => Npy.Write(_folder.Path, array));
        Expect("HLS4016", "not a file name", () => AtomicFile.WriteAllText("", "x"));
        Expect("HLS4016", "", () => AtomicFile.WriteAllText(Path.Combine(_folder.Write("file", []), "x"), "x"));
        Expect("HLS4016", "/dev/full", () => AtomicFile.WriteAllBytes("/dev/full", new byte[1 << 20]));
        Assert.Throws<InvalidOperationException>(() => Npz.Write(_folder["x.npz"], [KeyValuePair.Create("a", array), KeyValuePair.Create("a", array)]));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Every_corruption_of_a_good_file_ends_in_an_array_or_a_diagnostic()
    {
        var random = new Random(7);
        byte[] npy = Shaped("(2, 3)", 24);
        var npz = System.IO.File.ReadAllBytes(Zip(("x.npy", npy), ("y.npy", npy)));
        var refused = 0;
        for (var i = 0; i < 1500; i++)
        {
            var archive = i % 2 == 0;
            var bytes = (byte[])(archive ? npz : npy).Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = _folder.Write("x", i % 3 == 0 ? bytes : bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
            try
            {
                _ = archive ? Npz.Read(path).Count : Npy.Read(path).Count;
            }
            catch (UserErrorException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 1450);
    }

    [Fact]
    public void Messages_show_hostile_text_harmlessly()
    {
        Assert.Equal("a?[31m?", Messages.Printable("a\u001b[31m\u2028"));
        Assert.Equal(63, Messages.Printable(new string('x', 1000)).Length);
    }

    private static byte[] Shaped(string shape, int dataBytes) =>
        File($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", new byte[dataBytes]);

    private static byte[] File(string header, byte[] data)
    {
        var text = Encoding.Latin1.GetBytes(header);
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)(text.Length & 0xFF), (byte)(text.Length >> 8), .. text, .. data];
    }

    private static void Expect(string id, string message, Action action)
    {
        var diagnostic = Assert.Single(Assert.Throws<UserErrorException>(action).Diagnostics);
        Assert.Equal(id, diagnostic.Rule.Id);
        Assert.Contains(message, $"{diagnostic}");
        Assert.DoesNotContain('\u001b', $"{diagnostic}");
    }

    private void ExpectBoth(string id, string message, byte[] content)
    {
        var path = _folder.Write("x.npy", content);
        Expect(id, message, () => Npy.Read(path));
        Expect(id, message, () => NpyBatchReader.Open(path));
        Assert.Equal(["x.npy"], _folder.Names);
        // What is refused is also closed.
        using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private string Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new FileStream(_folder["made.npz"], FileMode.Create);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var entry = archive.CreateEntry(name).Open();
            entry.Write(content);
        }
        return _folder["made.npz"];
    }
}
