using System.Text;
using System.Text.RegularExpressions;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Hdf5;
using Hls4Net.Trigger.Results;
using Hls4Net.Trigger.Toys;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Tests.Trigger;

/// <summary>
/// Files of every format, spoiled at random: each is read as what it is now, or refused by a message that names a line or an event where the format has
/// such. Nothing else may happen.
/// </summary>
public sealed partial class MalformedFilesTests : IDisposable
{
    private const int Mutations = 400;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Texts => ["darkmachines.csv", "table.csv", "emp1.txt", "emp2.txt", "apx.txt", "ctp7.txt", "gt.txt", "x.dat", "results.csv"];

    public static TheoryData<string> Binaries => ["adc.h5", "pandas.h5", "submission.h5", "x.npy", "x.npz"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_spoiled_text_is_read_or_refused_with_its_line(string name)
    {
        var good = Encoding.UTF8.GetString(Make(name));
        Read(name);
        var random = new Random(5);
        var refused = 0;
        for (var k = 0; k < Mutations; k++)
        {
            var spoiled = Spoil(good, random, k % 8);
            File.WriteAllText(_folder[name], spoiled);
            try
            {
                Read(name);
            }
            catch (UserErrorException e)
            {
                refused++;
                // What is wrong with the whole file, such as its head, has no line.
                var isAboutAll = e.Diagnostics[0].Rule.Id is "HLS4105" or "HLS4108" or "HLS4106";
                Assert.True(isAboutAll || Place().IsMatch(e.Message), $"mutation {k}: {e.Message}");
            }
        }
        Assert.InRange(refused, Mutations / 4, Mutations);
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void A_file_that_was_cut_off_is_refused_wherever_it_ends(string name)
    {
        var good = Make(name);
        Read(name);
        var random = new Random(6);
        foreach (var length in Enumerable.Range(0, 25).Select(_ => random.Next(good.Length)).Append(0).Append(good.Length - 1))
        {
            _folder.Write(name, good[..length]);
            var error = Assert.Throws<UserErrorException>(() => Read(name));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("adc.h5", "Event 3: pT is NaN")]
    [InlineData("x.npy", "Event 3: feature 4 is NaN")]
    [InlineData("x.npz", "Event 3: feature 4 is NaN")]
    [InlineData("pandas.h5", "Event 3: feature 4 is NaN")]
    public void A_number_that_is_none_is_refused_with_its_event(string name, string says)
    {
        Make(name, isNaN: true);
        Assert.Contains(says, Assert.Throws<UserErrorException>(() => Read(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_are_written_for_Dark_Machines_are_read_back_exactly()
    {
        Make("adc.h5");
        var first = EventsOf("adc.h5");
        Assert.Equal(40, DarkMachinesWriter.Write(_folder["d.csv"], first));
        var second = EventsOf("d.csv");
        Assert.Equal(first.SelectMany(b => b.Met), second.SelectMany(b => b.Met));
        Assert.Equal(first.SelectMany(b => b.MetPhi), second.SelectMany(b => b.MetPhi));
        Assert.Equal(first.SelectMany(b => b.Objects).Select(o => (o.Pt, o.Eta, o.Phi)), second.SelectMany(b => b.Objects).Select(o => (o.Pt, o.Eta, o.Phi)));
        Assert.Equal(first.SelectMany(b => b.Starts.Skip(1)), second.SelectMany(b => b.Starts.Skip(1)));
        // From its own format everything comes back, but for energies, which nobody keeps.
        Assert.Equal(40, DarkMachinesWriter.Write(_folder["e.csv"], second));
        Assert.Equal(File.ReadAllText(_folder["d.csv"]), File.ReadAllText(_folder["e.csv"]));
        File.WriteAllText(_folder["t.csv"], "7;ttbar;0.5;210000;1.25;j,300000,250000.5,0.25,1;e+,50000,0.000123456789e9,-1.5,2;b,100000,80000,1,-3;m+,1,98765.4321,0,0;g,1,30000,0,0\n");
        var third = EventsOf("t.csv");
        DarkMachinesWriter.Write(_folder["u.csv"], third);
        var fourth = EventsOf("u.csv");
        Assert.Equal(third.Single().Objects, fourth.Single().Objects);
        Assert.Equal(third.Single().Weights!, fourth.Single().Weights!);
        Assert.Equal(third.Single().Ids!, fourth.Single().Ids!);
    }

    [Fact]
    public void Momenta_of_seventeen_digits_come_back_from_Dark_Machines_files()
    {
        var random = new Random(8);
        // Numbers of all digits, and of exponents that a text writes with an E.
        var momenta = Enumerable.Range(0, 500).Select(k => k % 5 == 0 ? 7e-6 * (1 + random.NextDouble()) : Math.ScaleB(1 + random.NextDouble(), random.Next(0, 12))).ToArray();
        var block = new EventBlock
        {
            First = 0,
            Count = momenta.Length,
            Met = momenta,
            MetPhi = new double[momenta.Length],
            Starts = [.. Enumerable.Range(0, momenta.Length + 1)],
            Objects = [.. momenta.Select(p => new EventObject(ObjectKinds.Jet, 0, -1, Math.Max(p, 1), 0, 0))],
        };
        DarkMachinesWriter.Write(_folder["digits.csv"], [block]);
        var read = EventsOf("digits.csv").Single();
        Assert.Equal(momenta, read.Met);
        Assert.Equal(block.Objects.Select(o => o.Pt), read.Objects.Select(o => o.Pt));
    }

    [Fact]
    public void A_mark_of_the_byte_order_and_ends_of_lines_of_another_system_are_read_and_a_compressed_file_is_named()
    {
        Make("darkmachines.csv");
        var text = File.ReadAllText(_folder["darkmachines.csv"]);
        var expected = EventsOf("darkmachines.csv");
        File.WriteAllText(_folder["marked.csv"], text.Replace("\n", "\r\n", StringComparison.Ordinal), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(expected.SelectMany(b => b.Objects), EventsOf("marked.csv").SelectMany(b => b.Objects));
        Assert.Equal(expected.SelectMany(b => b.Ids!), EventsOf("marked.csv").SelectMany(b => b.Ids!));
        using (var zip = new System.IO.Compression.GZipStream(File.Create(_folder["x.csv.gz"]), System.IO.Compression.CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        Assert.Contains("gzip", Assert.Throws<UserErrorException>(() => EventFiles.Open(_folder["x.csv.gz"])).Message, StringComparison.Ordinal);
        Assert.Contains("gzip", Assert.Throws<UserErrorException>(() => LinkPatterns.Read(_folder["x.csv.gz"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_promises_more_events_than_the_file_can_hold_is_refused_at_once()
    {
        var bytes = Make("adc.h5");
        byte[] extents = [.. new long[] { 40, 19, 4 }.SelectMany(BitConverter.GetBytes)];
        var place = bytes.AsSpan().IndexOf(extents);
        Assert.True(place > 0);
        // Further extents: those up to which the dataset may grow.
        for (; place >= 0; place = bytes.AsSpan().IndexOf(extents))
            BitConverter.TryWriteBytes(bytes.AsSpan(place), 1L << 40);
        _folder.Write("adc.h5", bytes);
        Assert.Contains("does not fit", Assert.Throws<UserErrorException>(() => Read("adc.h5")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APx_files_without_a_sideband_have_a_word_for_each_link()
    {
        File.WriteAllText(_folder["off.txt"], "#Sideband OFF\n#LinkLabel    LINK_03    LINK_07\n#BeginData\n0x0000    0x00000000000000ff    0x0123456789ABCDEF\n0x0001    0x0000000000000001    0x0000000000000002\n");
        var (format, pattern) = LinkPatterns.Read(_folder["off.txt"]);
        Assert.Equal(PatternFormat.Apx, format);
        Assert.Equal([3, 7], pattern.Links);
        Assert.Equal([0xFFUL, 0x0123456789ABCDEFUL, 1UL, 2UL], pattern.Frames.SelectMany(f => f).Select(w => w.Data));
    }

    [GeneratedRegex("[Ll]ine [0-9]+|[Ee]vent [0-9]+")]
    private static partial Regex Place();

    /// <summary>One of eight kinds of damage.</summary>
    private static string Spoil(string good, Random random, int kind)
    {
        var lines = good.Split('\n').ToList();
        var (line, place) = (random.Next(lines.Count - 1), random.Next(good.Length));
        switch (kind)
        {
            case 0:
                return good[..place];
            case 1:
                return $"{good[..place]}{(char)random.Next(32, 127)}{good[(place + 1)..]}";
            case 2:
                return good.Remove(place, Math.Min(random.Next(1, 4), good.Length - place));
            case 3:
                lines.RemoveAt(line);
                break;
            case 4:
                lines[line] = Number().Replace(lines[line], "nan", 1);
                break;
            case 5:
                lines[line] = lines[line][..(lines[line].Length / 2)];
                break;
            case 6:
                lines[line] += ",7 7";
                break;
            default:
                return good.Insert(place, ((char)random.Next(1, 256)).ToString());
        }
        return string.Join('\n', lines);
    }

    [GeneratedRegex("[0-9][0-9a-f.]*")]
    private static partial Regex Number();

    private void Read(string name)
    {
        var path = _folder[name];
        switch (name)
        {
            case "emp1.txt" or "emp2.txt" or "apx.txt" or "ctp7.txt":
                LinkPatterns.Read(path);
                break;
            case "gt.txt":
                GlobalTriggerPattern.Read(path);
                break;
            case "x.dat":
                DatVectors.Read(path);
                break;
            case "results.csv":
                DarkMachinesResults.Read(path);
                break;
            case "submission.h5":
                Adc2021Submission.Read(path);
                break;
            default:
                EventsOf(name);
                break;
        }
    }

    private List<EventBlock> EventsOf(string name)
    {
        using var reader = EventFiles.Open(_folder[name]);
        var blocks = new List<EventBlock>();
        while (reader.Read() is { } block)
            blocks.Add(block);
        return blocks;
    }

    /// <summary>Writes a good file of a format, or one with a number that is none in event 3.</summary>
    private byte[] Make(string name, bool isNaN = false)
    {
        var path = _folder[name];
        var rows = new ToyGenerator("background", 2).Draw(40, TestContext.Current.CancellationToken).Single();
        var features = Enumerable.Range(0, 40 * 5).Select(k => k / 4.0).ToArray();
        if (isNaN)
            rows[3 * 76 + 9 * 4] = features[3 * 5 + 4] = double.NaN;
        var frames = Enumerable.Range(0, 20).Select(f => Enumerable.Range(0, 3).Select(l => new LinkWord((ulong)(f * 77 + l), LinkFlags.Strobe | (name == "ctp7.txt" ? LinkFlags.None : LinkFlags.Valid))));
        switch (name)
        {
            case "adc.h5":
                using (var writer = new Adc2021Writer(path))
                {
                    writer.Append(rows);
                    writer.WriteIds([.. Enumerable.Range(0, 40).Select(i => 3L * i)]);
                    writer.Finish();
                }
                break;
            case "pandas.h5":
                using (var writer = new Hdf5Writer(path))
                {
                    writer.Write("df/axis0", ["a", "b", "c", "d", "e"]);
                    writer.Write("df/block0_items", ["a", "b", "c", "d", "e"]);
                    writer.Write("df/block0_values", [40, 5], features);
                    writer.Finish();
                }
                break;
            case "submission.h5":
                new Adc2021Submission([.. Enumerable.Range(0, 1000).Select(i => 7L * i)], 4054, "part", 0.04, 1.5, 2.25, 0.5, 0).Write(path);
                break;
            case "x.npy":
                Npy.Write(path, NpyArray.Of([40, 5], features));
                break;
            case "x.npz":
                Npz.Write(path, [new("events", NpyArray.Of([40, 5], features))]);
                break;
            case "darkmachines.csv":
                Make("adc.h5");
                DarkMachinesWriter.Write(path, EventsOf("adc.h5"));
                break;
            case "table.csv":
                File.WriteAllText(path, "a,b,c,d,e\n" + string.Concat(features.Chunk(5).Select(r => FormattableString.Invariant($"{r[0]},{r[1]},{r[2]},{r[3]},{r[4]}\n"))));
                break;
            case "gt.txt":
                var digits = new string('0', 64);
                GlobalTriggerPattern.Write(path, Enumerable.Range(0, 20).Select(i => new GlobalTriggerCrossing(i, Enumerable.Repeat((ulong)i << 40, 8).ToSeq(), Enumerable.Repeat((uint)i, 12).ToSeq(),
                    new uint[12].ToSeq(), Enumerable.Repeat(99u, 12).ToSeq(), new uint[6].ToSeq(), digits, digits + digits, "1")));
                break;
            case "x.dat":
                DatVectors.Write(path, features.Chunk(5));
                break;
            case "results.csv":
                DarkMachinesResults.Write(path, Enumerable.Range(1, 20).Select(i => new DarkMachinesResult($"s{i}", "model", "chan1", 0.5 + i / 100.0, 0.25, 0.125, 1e-3)));
                break;
            default:
                var format = name switch { "emp1.txt" => PatternFormat.Emp1, "emp2.txt" => PatternFormat.Emp2, "apx.txt" => PatternFormat.Apx, _ => PatternFormat.Ctp7 };
                LinkPatterns.Write(path, LinkPattern.Of(name.StartsWith("emp", StringComparison.Ordinal) ? "board" : "", [0, 1, 2], frames), format);
                break;
        }
        return File.ReadAllBytes(path);
    }
}
