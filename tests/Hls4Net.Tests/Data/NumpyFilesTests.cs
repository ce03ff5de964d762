using System.IO.Compression;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Data;

/// <summary>Against files that NumPy wrote (tests/data/numpy/make.py).</summary>
public sealed class NumpyFilesTests
{
    private static readonly string Folder = TestFiles.InRepository("tests", "data", "numpy");

    private static readonly OrderedDictionary<string, NpyArray> All = Npz.Read(Path.Combine(Folder, "all.npz"));

    private static readonly Dictionary<NpyType, Array> Expected = new()
    {
        [NpyType.Bool] = new[] { true, false, true, false, false, true },
        [NpyType.Int8] = new sbyte[] { sbyte.MinValue, sbyte.MaxValue, 0, 1, 2, 3 },
        [NpyType.Int16] = new short[] { short.MinValue, short.MaxValue, 0, 1, 2, 3 },
        [NpyType.Int32] = new[] { int.MinValue, int.MaxValue, 0, 1, 2, 3 },
        [NpyType.Int64] = new[] { long.MinValue, long.MaxValue, 0, 1, 2, 3 },
        [NpyType.UInt8] = new byte[] { 0, byte.MaxValue, 0, 1, 2, 3 },
        [NpyType.UInt16] = new ushort[] { 0, ushort.MaxValue, 0, 1, 2, 3 },
        [NpyType.UInt32] = new uint[] { 0, uint.MaxValue, 0, 1, 2, 3 },
        [NpyType.UInt64] = new ulong[] { 0, ulong.MaxValue, 0, 1, 2, 3 },
        [NpyType.Float16] = new[] { Half.MinValue, Half.MaxValue, (Half)6.103515625e-05, (Half)(-0.0), (Half)1.5, (Half)0.0009765625 },
        [NpyType.Float32] = new[] { float.MinValue, float.MaxValue, 1.17549435e-38f, -0.0f, 1.5f, 1.1920929e-07f },
        [NpyType.Float64] = new[] { double.MinValue, double.MaxValue, 2.2250738585072014e-308, -0.0, 1.5, 2.220446049250313e-16 },
    };

    public static TheoryData<string> Types => [.. Enum.GetValues<NpyType>().Select(t => t.Name())];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_is_read_in_both_byte_orders_and_both_index_orders(string name)
    {
        var type = Enum.GetValues<NpyType>().Single(t => t.Name() == name);
        var expected = new NpyArray([2, 3], Expected[type]);
        foreach (var variant in new[] { "Cle", "Cbe", "Fle", "Fbe" })
            Assert.Equal(expected, All[name + variant]);
    }

    [Fact]
    public void What_is_written_has_the_bytes_that_numpy_writes()
    {
        using var folder = new TemporaryFolder();
        using var archive = ZipFile.OpenRead(Path.Combine(Folder, "all.npz"));
        var compared = 0;
        string[] others = ["be", "Fle", "cubeF", "version2", "version3"];
        foreach (var (name, array) in All.Where(a => !others.Any(a.Key.EndsWith)))
        {
            using var content = archive.GetEntry(name + ".npy")!.Open();
            var numpy = new MemoryStream();
            content.CopyTo(numpy);
            Npy.Write(folder["x.npy"], array);
            Assert.Equal(numpy.ToArray(), File.ReadAllBytes(folder["x.npy"]));
            compared++;
        }
        Assert.Equal(12 + 1 + 5 + 12, compared);
    }

    [Fact]
    public void Three_dimensions_scalars_and_empty_arrays_are_read()
    {
        var cube = new NpyArray([2, 3, 4], Enumerable.Range(0, 24).ToArray());
        foreach (var name in new[] { "cubeC", "cubeF", "version2", "version3" })
            Assert.Equal(cube, All[name]);
        Assert.Equal(NpyArray.Of([], [2.5]), All["scalar"]);
        Assert.Equal(NpyArray.Of([5], new ushort[] { 0, 1, 2, 3, 4 }), All["vector"]);
        Assert.Equal(NpyArray.Of([0, 57], Array.Empty<float>()), All["empty"]);
        Assert.Equal(NpyArray.Of([3, 0, 2], Array.Empty<float>()), All["emptyInside"]);
        Assert.Equal([1, double.NaN, double.PositiveInfinity, double.NegativeInfinity], All["notFinite"].ToDoubles());
    }

    [Fact]
    public void A_compressed_archive_keeps_the_order_of_its_arrays_and_any_name()
    {
        var arrays = Npz.Read(Path.Combine(Folder, "compressed.npz"));
        Assert.Equal(["second", "first", "layer/weight:0"], arrays.Keys);
        Assert.Equal([.. Enumerable.Range(0, 1000).Select(i => i % 7L)], arrays["second"].ToInt64s());
        Assert.Equal([1.0, 1, 1, 1], arrays["first"].ToDoubles());
        Assert.Equal(NpyArray.Of([2], new sbyte[] { 1, -1 }), arrays["layer/weight:0"]);
    }

    [Theory]
    [InlineData("objects.npy", "HLS4005", "pickle")]
    [InlineData("complex.npy", "HLS4006", "'<c8'")]
    [InlineData("strings.npy", "HLS4006", "'<U2'")]
    [InlineData("dates.npy", "HLS4006", "'<M8[D]'")]
    [InlineData("structure.npy", "HLS4006", "structure")]
    [InlineData("longdouble.npy", "HLS4006", "'<f16'")]
    public void Types_without_a_number_are_refused_by_name(string file, string id, string message)
    {
        var error = Assert.Throws<UserErrorException>(() => Npy.Read(Path.Combine(Folder, file)));
        var diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal(id, diagnostic.Rule.Id);
        Assert.Contains(message, diagnostic.Message);
        Assert.EndsWith(file, diagnostic.Where);
        Assert.Equal(id, Assert.Single(Assert.Throws<UserErrorException>(() => NpyBatchReader.Open(Path.Combine(Folder, file))).Diagnostics).Rule.Id);
    }

    [Fact]
    public void Reference_arrays_are_read_alike_at_once_and_in_batches()
    {
        var files = Directory.GetFiles(TestFiles.Shared("data"), "*.npy", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var whole = Npy.Read(file);
            var rows = new List<double>();
            using var reader = NpyBatchReader.Open(file);
            while (reader.RowsLeft > 0)
                rows.AddRange(reader.ReadDoubles(37));
            Assert.Equal(whole.ToDoubles(), rows);
            Assert.Equal(whole.Shape, [(int)reader.Rows, .. reader.RowShape]);
        }
        foreach (var file in Directory.GetFiles(TestFiles.Shared("data"), "*.npz", SearchOption.AllDirectories))
            Assert.NotEmpty(Npz.Read(file));
    }
}
