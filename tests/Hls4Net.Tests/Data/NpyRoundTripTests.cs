using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hls4Net.Core.Data;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Data;

public sealed class NpyRoundTripTests
{
    private static readonly Gen<NpyArray> Arrays =
        from shape in Gen.Choose(0, 5).ListOf(4).SelectMany(e => Gen.Choose(0, 4).Select(rank => e.Take(rank).ToSeq()))
        from type in Gen.Elements(Enum.GetValues<NpyType>())
        from seed in Gen.Choose(0, int.MaxValue)
        select RandomArray(shape, type, new Random(seed));

    [Fact]
    public void An_array_that_is_written_is_read_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        Check(Arrays, array =>
        {
            Npy.Write(folder["x.npy"], array);
            return Npy.Read(folder["x.npy"]).Equals(array);
        });
        Assert.Equal(["x.npy"], folder.Names);
    }

    [Fact]
    public void Every_layout_of_an_array_reads_the_same_whole_and_in_batches()
    {
        using var folder = new TemporaryFolder();
        var cases =
            from array in Arrays
            from fortran in Gen.Elements(true, false)
            from bigEndian in Gen.Elements(true, false)
            from version in Gen.Choose(1, 3)
            from batch in Gen.Choose(1, 7)
            select (array, fortran, bigEndian, version, batch);
        Check(cases, c =>
        {
            var path = folder.Write("x.npy", Encode(c.array, c.fortran, c.bigEndian, c.version));
            return Npy.Read(path).Equals(c.array) && (c.array.Shape.Count == 0 || c.array.Shape.Skip(1).Contains(0) || BatchesEqual(path, c.array, c.batch));
        });
    }

    [Fact]
    public void An_archive_that_is_written_is_read_back_in_order_and_the_same_arrays_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        Check(Arrays.ListOf(5), arrays =>
        {
            var named = arrays.Select((a, i) => KeyValuePair.Create($"layer {9 - i}/ü'\"", a)).ToList();
            Npz.Write(folder["stored.npz"], named);
            Npz.Write(folder["deflated.npz"], named, compress: true);
            var first = File.ReadAllBytes(folder["stored.npz"]);
            Npz.Write(folder["stored.npz"], named);
            return Npz.Read(folder["stored.npz"]).SequenceEqual(named)
                && Npz.Read(folder["deflated.npz"]).SequenceEqual(named)
                && first.AsSpan().SequenceEqual(File.ReadAllBytes(folder["stored.npz"]));
        });
        Assert.Equal(["deflated.npz", "stored.npz"], folder.Names);
    }

    [Fact]
    public void Rows_written_in_batches_make_the_file_that_a_single_write_makes()
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 1001 * 6).Select(i => (long)i * i - 77).ToArray();
        using (var writer = new NpyBatchWriter<long>(folder["rows.npy"], [2, 3]))
        {
            foreach (var part in rows.Chunk(6 * 10))
                writer.Append(part);
            Assert.Equal(1001, writer.Rows);
            writer.Commit();
        }
        Npy.Write(folder["whole.npy"], NpyArray.Of([1001, 2, 3], rows));
        Assert.Equal(File.ReadAllBytes(folder["whole.npy"]), File.ReadAllBytes(folder["rows.npy"]));
    }

    [Fact]
    public void A_batch_writer_that_is_not_committed_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("x.npy", [1, 2, 3]);
        using (var writer = new NpyBatchWriter<float>(folder["x.npy"], [2]))
        {
            writer.Append([1, 2, 3, 4]);
            Assert.Throws<ArgumentException>(() => writer.Append([5]));
        }
        Assert.Equal(["x.npy"], folder.Names);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["x.npy"]));
    }

    [Fact]
    public void A_batch_reader_can_start_over_and_stops_at_the_end()
    {
        using var folder = new TemporaryFolder();
        Npy.Write(folder["x.npy"], NpyArray.Of([5, 2], new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
        using var reader = NpyBatchReader.Open(folder["x.npy"]);
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7], reader.ReadInt64s(4));
        Assert.Equal([8.0, 9], reader.ReadDoubles(4));
        Assert.Empty(reader.ReadDoubles(4));
        reader.Rewind();
        Assert.Equal([0.0, 1], reader.ReadDoubles(1));
        Assert.Equal((5, 1, 4), (reader.Rows, reader.NextRow, reader.RowsLeft));
    }

    [Fact]
    public void A_link_stays_a_link_and_a_device_stays_a_device()
    {
        using var folder = new TemporaryFolder();
        folder.Write("target.npy", []);
        File.CreateSymbolicLink(folder["link.npy"], folder["target.npy"]);
        Npy.Write(folder["link.npy"], NpyArray.Of([1], new[] { 3.0 }));
        Assert.NotNull(File.ResolveLinkTarget(folder["link.npy"], true));
        Assert.Equal([3.0], Npy.Read(folder["target.npy"]).ToDoubles());
        AtomicFile.WriteAllText("/dev/null", "x");
        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260801, 1));

    private static bool BatchesEqual(string path, NpyArray array, int batch)
    {
        using var reader = NpyBatchReader.Open(path);
        if (array.Type.IsFloat())
        {
            var rows = new List<double>();
            while (reader.RowsLeft > 0)
                rows.AddRange(reader.ReadDoubles(batch));
            return rows.SequenceEqual(array.ToDoubles());
        }
        if (array.Type == NpyType.UInt64)
            return reader.Rows == array.Shape[0];
        var integers = new List<long>();
        while (reader.RowsLeft > 0)
            integers.AddRange(reader.ReadInt64s(batch));
        return integers.SequenceEqual(array.ToInt64s());
    }

    private static NpyArray RandomArray(Seq<int> shape, NpyType type, Random random)
    {
        var count = shape.Aggregate(1, (p, e) => p * e);
        return new NpyArray(shape, type switch
        {
            NpyType.Bool => Make(i => random.Next(2) == 1),
            NpyType.Int8 => Make(i => (sbyte)random.Next(-128, 128)),
            NpyType.Int16 => Make(i => (short)random.Next(-32768, 32768)),
            NpyType.Int32 => Make(i => random.Next()),
            NpyType.Int64 => Make(i => random.NextInt64(long.MinValue, long.MaxValue)),
            NpyType.UInt8 => Make(i => (byte)random.Next(256)),
            NpyType.UInt16 => Make(i => (ushort)random.Next(65536)),
            NpyType.UInt32 => Make(i => (uint)random.NextInt64(1L << 32)),
            NpyType.UInt64 => Make(i => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue))),
            NpyType.Float16 => Make(i => BitConverter.UInt16BitsToHalf((ushort)random.Next(65536))),
            NpyType.Float32 => Make(i => BitConverter.Int32BitsToSingle(random.Next())),
            _ => Make(i => BitConverter.Int64BitsToDouble(random.NextInt64())),
        });

        Array Make<T>(Func<int, T> element) => Enumerable.Range(0, count).Select(element).ToArray();
    }

    /// <summary>A second, slow writer of every variant that the format allows: one element at a time by its index.</summary>
    private static byte[] Encode(NpyArray array, bool fortran, bool bigEndian, int version)
    {
        var size = array.Type.Size();
        var shape = array.Shape;
        var code = array.Type.Name()[..1] + size;
        var order = size == 1 ? '|' : bigEndian ? '>' : '<';
        var header = Encoding.ASCII.GetBytes(
            $"{{\"shape\": ({string.Concat(shape.Select(e => $"{e}L, "))}), 'descr':'{order}{code}','fortran_order': {(fortran ? "True" : "False")}}}\n");
        var data = new byte[array.Count * size];
        for (var flat = 0; flat < array.Count; flat++)
        {
            var (rest, place, stride) = (flat, 0, 1);
            var index = new int[shape.Count];
            for (var d = shape.Count - 1; d >= 0; d--)
                (rest, index[d]) = Math.DivRem(rest, shape[d]);
            foreach (var d in fortran ? Enumerable.Range(0, shape.Count) : Enumerable.Range(0, shape.Count).Reverse())
            {
                place += index[d] * stride;
                stride *= shape[d];
            }
            var element = data.AsSpan(place * size, size);
            Buffer.BlockCopy(array.Data is Half[] halves ? Array.ConvertAll(halves, BitConverter.HalfToUInt16Bits) : array.Data, flat * size, data, place * size, size);
            if (bigEndian)
                element.Reverse();
        }
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. header, .. data];
    }
}
