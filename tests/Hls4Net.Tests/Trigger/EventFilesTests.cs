using System.Text;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Hdf5;
using Hls4Net.Trigger.Toys;

namespace Hls4Net.Tests.Trigger;

/// <summary>Every format of events gives the same objects, and what is wrong with a file is said with its place.</summary>
public sealed class EventFilesTests : IDisposable
{
    private const string Good = "7;ttbar;0.5;210000;1.25;j,300000,250000.5,0.25,1;e-,50000,45000,-1.5,2;b,100000,80000,1,-3;\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_slot_holds_an_object_if_and_only_if_its_pT_is_above_zero()
    {
        var row = new double[19 * 4];
        Put(row, 0, 30, 0, 1, 1);
        Put(row, 9, 50, 1, 2, 4);
        Put(row, 10, 0, 0, -2.5, 4);
        Put(row, 11, 40, -1, 3, 4);
        Put(row, 12, 0, 0, 0, 4);
        Put(row, 5, 20, 0.5, -1, 0);
        var block = ReadAll(WriteHdf5(row)).Single();
        Assert.Equal(2, block.Ghosts);
        Assert.Equal([(ObjectKinds.Muon, 0, 20.0), (ObjectKinds.Jet, 0, 50.0), (ObjectKinds.Jet, 2, 40.0)], block.Objects.Select(o => (o.Kind, (int)o.Slot, o.Pt)));
        Assert.Equal((90, 1, 30), (block.HtOf(0), block.LeptonsOf(0), block.Met[0]));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void What_is_written_as_ADC2021_is_read_back_exactly_in_blocks_of_the_chunks()
    {
        var rows = new ToyGenerator("background", 3, Ghosts: 0.2).Draw(100_000, TestContext.Current.CancellationToken).ToList();
        using (var writer = new Adc2021Writer(_folder["x.h5"]))
        {
            rows.ForEach(r => writer.Append(r));
            writer.WriteIds([.. Enumerable.Range(0, 100_000).Select(i => 5L * i)]);
            writer.Finish();
        }
        var blocks = ReadAll(_folder["x.h5"]);
        Assert.Equal([0, 65536], blocks.Select(b => b.First));
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => 5L * i), blocks.SelectMany(b => b.Ids!));
        Assert.InRange(blocks.Sum(b => b.Ghosts), 19_000, 21_000);
        var expected = rows.SelectMany(r => r.Chunk(4)).Select(o => o[0] > 0 ? o[..3] : [0, 0, 0]).SelectMany(o => o);
        Assert.Equal(expected, blocks.SelectMany(b => Features(b, FeatureOrder.Interleaved)));
    }

    [Fact]
    public void Chunks_that_split_a_row_are_read_as_the_others()
    {
        // The files of the challenge are stored in chunks of a part of each row.
        using (var writer = new Hdf5Writer(_folder["x.h5"]))
        {
            writer.Write("Particles", [40, 19, 4], [.. new ToyGenerator("w", 1).Draw(40, TestContext.Current.CancellationToken).Single()]);
            writer.Finish();
        }
        Assert.Equal(40, ReadAll(_folder["x.h5"]).Sum(b => b.Count));
    }

    [Theory]
    [InlineData(FeatureOrder.Interleaved, 57)]
    [InlineData(FeatureOrder.Grouped, 56)]
    public void Features_of_an_array_are_the_objects_again_in_either_order(FeatureOrder order, int width)
    {
        var block = ReadAll(WriteHdf5([.. new ToyGenerator("tt", 1).Draw(200, TestContext.Current.CancellationToken).Single()])).Single();
        var features = Features(block, order);
        Npy.Write(_folder["x.npy"], NpyArray.Of([200, width], features));
        var again = ReadAll(_folder["x.npy"]).Single();
        Assert.Equal(block.Objects, again.Objects);
        Assert.Equal(block.Met, again.Met);
        Assert.Equal(features, again.Features);
        Npz.Write(_folder["x.npz"], [new("events", NpyArray.Of([200, width], features))]);
        Assert.Equal(block.Objects, ReadAll(_folder["x.npz"]).Single().Objects);
        File.WriteAllText(_folder["x.csv"], string.Join('\n', features.Chunk(width).Select(r => string.Join(',', r.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture))))));
        Assert.Equal(block.Objects, ReadAll(_folder["x.csv"]).Single().Objects);
    }

    [Fact]
    public void Dark_Machines_events_are_in_GeV_with_charges_and_weights_and_fill_slots_by_falling_pT()
    {
        File.WriteAllText(_folder["x.csv"], Good + "\n8;zjets;1;120000;-1;m+,3,20000,0.5,1;j,1,70000,0,0;j,1,90000,1,1;g,5,45000,-1,2\r\n");
        var block = ReadAll(_folder["x.csv"]).Single();
        Assert.Equal([7L, 8L], block.Ids!);
        Assert.Equal([0.5, 1], block.Weights!);
        Assert.Equal([210, 120], block.Met);
        Assert.Equal([(ObjectKinds.Jet, 0, 250.0005), (ObjectKinds.Electron, -1, 45), (ObjectKinds.BJet, 0, 80)], block.ObjectsOf(0).ToArray().Select(o => (o.Kind, (int)o.Charge, Math.Round(o.Pt, 6))));
        Assert.Equal([330.0005, 160], [block.HtOf(0), block.HtOf(1)]);
        var features = Features(block, FeatureOrder.Interleaved);
        // Jets of all kinds in one group, the hardest first; the photon among the electrons.
        Assert.Equal([250.0005, 0.25, 1, 80, 1, -3, 0, 0, 0], features[27..36].Select(v => Math.Round(v, 6)));
        Assert.Equal([90, 1, 1, 70, 0, 0], features[(57 + 27)..(57 + 33)]);
        Assert.Equal([45, -1, 2], features[(57 + 3)..(57 + 6)]);
    }

    [Fact]
    public void Tables_of_pandas_and_plain_ones_have_their_columns_in_order()
    {
        using (var writer = new Hdf5Writer(_folder["p.h5"]))
        {
            writer.Write("df/axis0", ["mj1", "label", "pt"]);
            writer.Write("df/block0_items", ["mj1", "pt"]);
            writer.Write("df/block0_values", [2, 2], [1.5, 2.5, 3.5, 4.5]);
            writer.Write("df/block1_items", ["label"]);
            writer.Write("df/block1_values", [2, 1], [0, 1]);
            writer.Finish();
        }
        using var reader = EventFiles.Open(_folder["p.h5"]);
        Assert.Equal((EventFormat.Hdf5Table, 2L), (reader.Format, reader.Count));
        Assert.Equal(["mj1", "label", "pt"], reader.FeatureNames);
        Assert.Equal([1.5, 0, 2.5, 3.5, 1, 4.5], reader.Read()!.Features!);
        Assert.Null(reader.Read());
        File.WriteAllText(_folder["t.csv"], "mj1, tau\n1,2\n3.5,-4e2\n");
        using var table = EventFiles.Open(_folder["t.csv"]);
        Assert.Equal(["mj1", "tau"], table.FeatureNames);
        Assert.Equal([1, 2, 3.5, -400], table.Read()!.Features!);
    }

    [Theory]
    [InlineData("HLS4103", "Line 2: an object is 'x'", "8;a;1;1;1;x,1,20000,0,0")]
    [InlineData("HLS4103", "Line 2: the object 'j,1,2' has 3 fields", "8;a;1;1;1;j,1,2")]
    [InlineData("HLS4103", "Line 2: MET is 'NaN'", "8;a;1;NaN;1;j,1,20000,0,0")]
    [InlineData("HLS4103", "Line 2: the weight is 'one'", "8;a;one;1;1;j,1,20000,0,0")]
    [InlineData("HLS4103", "Line 2: METphi is missing", "8;a;1;1")]
    [InlineData("HLS4103", "Line 2: the process is missing", "8;;1;1;1")]
    [InlineData("HLS4103", "Line 2: pT is -5", "8;a;1;1;1;j,1,-5,0,0")]
    [InlineData("HLS4103", "Line 2: an eta of 50", "8;a;1;1;1;j,1,20000,50,0")]
    [InlineData("HLS4104", "Line 2: a pT of 20 MeV is too little", "8;a;1;1;1;j,1,20,0,0")]
    [InlineData("HLS4104", "Line 2: phi is 180; radians", "8;a;1;1;1;j,1,20000,0,180")]
    [InlineData("HLS4104", "Line 2: MET is 9E+09, more than", "8;a;1;9e9;1;j,1,20000,0,0")]
    public void What_is_wrong_with_a_line_is_said_with_its_number(string rule, string says, string line)
    {
        File.WriteAllText(_folder["x.csv"], Good + line + "\n");
        Expect(rule, says, () => ReadAll(_folder["x.csv"]));
    }

    [Fact]
    public void Units_that_the_user_states_are_believed()
    {
        File.WriteAllText(_folder["x.csv"], "1;a;1;30;1;j,60,20,0,0\n");
        Assert.Equal(20, ReadAll(_folder["x.csv"], EventUnits.GeV).Single().Objects[0].Pt);
        var row = new double[76];
        Put(row, 9, 50_000, 0, 0, 4);
        Expect("HLS4104", "Event 0: pT is 50000, more than", () => ReadAll(WriteHdf5(row)));
        Assert.Equal(50, ReadAll(WriteHdf5(row), EventUnits.MeV).Single().Objects[0].Pt);
    }

    [Fact]
    public void Damaged_HDF5_is_refused_with_a_reason_or_the_event()
    {
        var path = WriteHdf5([.. new ToyGenerator("w", 1).Draw(1000, TestContext.Current.CancellationToken).Single()]);
        var bytes = File.ReadAllBytes(path);
        Expect("HLS4101", "truncated file", () => ReadAll(_folder.Write("cut.h5", bytes[..(bytes.Length / 2)])));
        // Damage inside the packed data shows when they are unpacked.
        var spoiled = (byte[])bytes.Clone();
        for (var i = spoiled.Length / 2; i < spoiled.Length / 2 + 2000; i++)
            spoiled[i] ^= 0x5A;
        Expect("HLS4101", "cannot be read", () => ReadAll(_folder.Write("spoiled.h5", spoiled)));
        var row = new double[3 * 76];
        row[2 * 76 + 9 * 4] = double.NaN;
        Expect("HLS4103", "Event 2: pT is NaN", () => ReadAll(WriteHdf5(row)));
        using (var writer = new Hdf5Writer(_folder["shape.h5"]))
        {
            writer.Write("Particles", [2, 3], [1, 2, 3, 4, 5, 6]);
            writer.Finish();
        }
        Expect("HLS4010", "[events, 19, 4]", () => ReadAll(_folder["shape.h5"]));
        using (var writer = new Hdf5Writer(_folder["other.h5"]))
        {
            writer.Write("Result", [1L, 2L]);
            writer.Finish();
        }
        Expect("HLS4105", "it has Result", () => ReadAll(_folder["other.h5"]));
        using var file = Hdf5File.Open(_folder["other.h5"]);
        Expect("HLS4102", "Did you mean 'Result'?", () => file.Dataset("result"));
    }

    [Fact]
    public void Tables_with_ragged_rows_or_numbers_that_are_none_are_refused_with_the_line()
    {
        File.WriteAllText(_folder["t.csv"], "a,b\n1,2\n3\n");
        Expect("HLS4103", "Line 3: there are 1 fields instead of the 2", () => ReadAll(_folder["t.csv"]));
        File.WriteAllText(_folder["t.csv"], "a,b\n1,nan\n");
        Expect("HLS4103", "Line 2: 'b' is 'nan'", () => ReadAll(_folder["t.csv"]));
        Npy.Write(_folder["t.npy"], NpyArray.Of([2, 2], new[] { 1, 2, double.NaN, 4 }));
        Expect("HLS4103", "Event 1: feature 0 is NaN", () => ReadAll(_folder["t.npy"]));
        Expect("HLS4105", "it is empty", () => ReadAll(_folder.Write("e.csv", [])));
        Expect("HLS4105", "begins with 'hello'", () => ReadAll(_folder.Write("e.csv", Encoding.UTF8.GetBytes("hello\n"))));
        Expect("HLS4105", "neither HDF5, NumPy nor text", () => ReadAll(_folder.Write("e.csv", [65, 0, 1, 2])));
        Expect("HLS4001", "", () => ReadAll(_folder["none.h5"]));
    }

    [Fact]
    public void A_library_that_is_missing_or_another_one_is_named_with_what_to_type()
    {
        Expect("HLS5021", "apt-get install hdf5-tools", () => Hdf5Library.Load(["/nowhere/libhdf5.so"]));
        Expect("HLS5022", "it is not HDF5", () => Hdf5Library.Load([OperatingSystem.IsLinux() ? "libc.so.6" : "libSystem.dylib"]));
    }

    [Fact]
    public void Rules_on_events_are_explained()
    {
        var rules = Messages.Rules.Where(r => r.Id.StartsWith("HLS41", StringComparison.Ordinal) || r.Id.StartsWith("HLS502", StringComparison.Ordinal)).ToList();
        Assert.True(rules.Count >= 9);
        Assert.All(rules, r => Assert.True(r.Explanation.Length > 80, r.Id));
    }

    private static void Put(double[] row, int slot, params double[] values) => values.CopyTo(row, 4 * slot);

    private static double[] Features(EventBlock block, FeatureOrder order)
    {
        var layout = EventLayout.Adc2021(order);
        var result = new double[block.Count * layout.Features];
        for (var i = 0; i < block.Count; i++)
            Assert.Equal(0, layout.Fill(block, i, result.AsSpan(i * layout.Features, layout.Features)));
        return result;
    }

    private static List<EventBlock> ReadAll(string path, EventUnits units = EventUnits.OfTheFormat)
    {
        using var reader = EventFiles.Open(path, units);
        var blocks = new List<EventBlock>();
        while (reader.Read() is { } block)
            blocks.Add(block);
        return blocks;
    }

    private static void Expect(string rule, string says, Action action)
    {
        var diagnostic = Assert.Throws<UserErrorException>(action).Diagnostics[0];
        Assert.Equal(rule, diagnostic.Rule.Id);
        Assert.Contains(says, diagnostic.ToString(), StringComparison.Ordinal);
    }

    private string WriteHdf5(double[] rows)
    {
        using var writer = new Adc2021Writer(_folder["x.h5"]);
        writer.Append(rows);
        writer.Finish();
        return _folder["x.h5"];
    }
}
