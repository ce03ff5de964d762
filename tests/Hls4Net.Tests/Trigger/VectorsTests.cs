using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Tests.Trigger;

/// <summary>Test vectors of trigger boards: what is written is read back exactly, and what is malformed is named by its line.</summary>
public sealed class VectorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PatternFormat.Emp1, LinkFlags.Valid)]
    [InlineData(PatternFormat.Emp2, LinkFlags.Valid | LinkFlags.StartOfPacket | LinkFlags.StartOfOrbit | LinkFlags.EndOfPacket)]
    [InlineData(PatternFormat.Apx, LinkFlags.Valid | LinkFlags.StartOfPacket | LinkFlags.StartOfOrbit | LinkFlags.EndOfPacket)]
    [InlineData(PatternFormat.Ctp7, LinkFlags.None)]
    public void A_pattern_that_is_written_is_read_back_word_for_word(PatternFormat format, LinkFlags carried)
    {
        var random = new Random(7);
        for (var run = 0; run < 40; run++)
        {
            var canStrobe = format is PatternFormat.Emp1 or PatternFormat.Emp2;
            var digits = format is PatternFormat.Emp1 or PatternFormat.Ctp7 && run % 3 == 0 ? 8 : 16;
            var links = Enumerable.Range(0, random.Next(1, 9)).Select(i => 3 * i + run % 5).ToSeq();
            var strobed = links.Select(_ => canStrobe && random.Next(3) == 0).ToSeq();
            var frames = Enumerable.Range(0, random.Next(1, 30)).Select(_ => strobed.Select(s => new LinkWord(
                (ulong)random.NextInt64() & (digits == 8 ? uint.MaxValue : ulong.MaxValue),
                ((LinkFlags)random.Next(16) & carried) | (!s || random.Next(2) == 0 ? LinkFlags.Strobe : LinkFlags.None))).ToSeq()).ToSeq();
            var pattern = new LinkPattern(canStrobe ? "board_7" : "", links, strobed, digits, frames);
            LinkPatterns.Write(_folder["p.txt"], pattern, format);
            var (found, read) = LinkPatterns.Read(_folder["p.txt"]);
            Assert.Equal(format, found);
            Assert.Equal(pattern, read);
            Assert.Equal(File.ReadAllText(_folder["p.txt"]), LinkPatterns.ToText(read, found));
        }
    }

    [Fact]
    public void Files_as_the_boards_software_writes_them_are_read()
    {
        File.WriteAllText(_folder["v2.txt"], "ID: x1\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\n\n      Link              004                     005        \n"
            + "Frame 0000    1101 00000000000007e2  00001 ffffffffffffffff\nFrame 0001    0011 0000000000000001  10000 0000000000000000\n");
        var (format, pattern) = LinkPatterns.Read(_folder["v2.txt"]);
        Assert.Equal((PatternFormat.Emp2, "x1"), (format, pattern.Board));
        Assert.Equal([4, 5], pattern.Links);
        Assert.Equal([false, true], pattern.Strobed);
        Assert.Equal(new LinkWord(0x7e2, LinkFlags.Strobe | LinkFlags.StartOfOrbit | LinkFlags.StartOfPacket | LinkFlags.Valid), pattern.Frames[0][0]);
        Assert.Equal(new LinkWord(ulong.MaxValue, LinkFlags.Valid), pattern.Frames[0][1]);
        Assert.Equal([0..2], pattern.Packets(5));
        File.WriteAllText(_folder["v1.txt"], "Board MP7_TEST\n Quad/Chan :    q00c0      q00c1   \n      Link :     00         01      \nFrame 0000 : 1vdeadbeef 0v00000000\nFrame 0001 : 0s1v00000001 1s0v00000002\n");
        (format, pattern) = LinkPatterns.Read(_folder["v1.txt"]);
        Assert.Equal((PatternFormat.Emp1, "MP7_TEST", 8), (format, pattern.Board, pattern.Digits));
        Assert.Equal(new LinkWord(0xdeadbeef, LinkFlags.Strobe | LinkFlags.Valid), pattern.Frames[0][0]);
        Assert.Equal(new LinkWord(1, LinkFlags.Valid), pattern.Frames[1][0]);
        File.WriteAllText(_folder["ctp7.txt"], "====\nWordCnt             LINK_00               LINK_01\n#BeginData\n0x0000   0x00000000000000ff    0x0000000000000001    \n0x0001   0x0000000000000002    0x0000000000000003    \n");
        (format, pattern) = LinkPatterns.Read(_folder["ctp7.txt"]);
        Assert.Equal(PatternFormat.Ctp7, format);
        Assert.Equal([255UL, 1, 2, 3], pattern.Frames.SelectMany(f => f).Select(w => w.Data));
        Assert.Equal([0..1, 1..2], pattern.Packets(1));
    }

    [Theory]
    [InlineData("ID: x\nMetadata: nothing\n", "Line 2: 'Metadata:")]
    [InlineData("ID: x\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\nLink 000 001\nFrame 0000    1101 00000000000007e2\n", "Line 4: there are words of 1 links instead of 2")]
    [InlineData("ID: x\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\nLink 000\nFrame 0001    1101 00000000000007e2\n", "Line 4: 'Frame 0000' was expected")]
    [InlineData("ID: x\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\nLink 000\nFrame 0000    1201 00000000000007e2\n", "Line 4: '1201 00000000000007e2' is no word")]
    [InlineData("ID: x\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\nLink 000\nFrame 0000    1101 7e2\n", "digits instead of 8 or 16")]
    [InlineData("ID: x\nMetadata: (strobe,) start of orbit, start of packet, end of packet, valid\nLink abc\n", "Line 3: 'abc' is no number of a link")]
    [InlineData("Board x\nLink : 00\n", "Line 2: 'Quad/Chan :' was expected")]
    [InlineData("Board x\n Quad/Chan : q00c0\n Link : 00\nFrame 0000 : 2v00000000\n", "Line 4: '2v00000000' is no word")]
    [InlineData("#Sideband ON\n#LinkLabel LINK_00\n#BeginData\n0x0000 0x01 0x0000000000000001\n0x0003 0x01 0x0000000000000001\n", "Line 5: the number of the word is 3 instead of 1")]
    [InlineData("#Sideband ON\n#LinkLabel LINK_00 LINK_01\n#BeginData\n0x0000 0x01 0x0000000000000001\n", "Line 4: there are words of 1 links instead of 2")]
    [InlineData("#Sideband ON\n#LinkLabel LINK_00\n#BeginData\n0x0000 0x01 0x000000000000000g\n", "Line 4: '0x000000000000000g' is no hexadecimal number")]
    [InlineData("#Sideband ON\n#LinkLabel LINK_00\n", "the file ends before #BeginData")]
    public void What_is_wrong_with_a_pattern_is_said_with_its_line(string text, string says)
    {
        File.WriteAllText(_folder["p.txt"], text);
        Expect("HLS4109", says, () => LinkPatterns.Read(_folder["p.txt"]));
    }

    [Fact]
    public void Other_files_are_no_patterns()
    {
        File.WriteAllText(_folder["p.txt"], "hello\n");
        Expect("HLS4108", "begins with 'hello'", () => LinkPatterns.Read(_folder["p.txt"]));
        File.WriteAllText(_folder["p.txt"], "");
        Expect("HLS4108", "it is empty", () => LinkPatterns.Read(_folder["p.txt"]));
        Expect("HLS4001", "", () => LinkPatterns.Read(_folder["none.txt"]));
    }

    [Theory]
    [InlineData(12, 6)]
    [InlineData(12, 12)]
    [InlineData(8, 4)]
    public void Crossings_of_the_Global_Trigger_are_read_back_word_for_word(int taus, int sums)
    {
        var random = new Random(11);
        GlobalTriggerCrossing[] crossings = [.. Enumerable.Range(0, 50).Select(i => new GlobalTriggerCrossing(i, Words(8).Select(w => (ulong)w << 20 | w).ToSeq(), Words(12), Words(taus), Words(12), Words(sums),
            Digits(64), Digits(128), Digits(1)))];
        GlobalTriggerPattern.Write(_folder["gt.txt"], crossings);
        Assert.Equal(crossings, GlobalTriggerPattern.Read(_folder["gt.txt"]));
        Assert.True(GlobalTriggerPattern.Recognises(File.ReadLines(_folder["gt.txt"]).First()));

        Seq<uint> Words(int count) => Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1L << 32)).ToSeq();
        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "0123456789abcdef"[random.Next(16)]));
    }

    [Fact]
    public void Objects_of_a_crossing_are_the_fields_of_its_words()
    {
        var sums = new uint[6];
        sums[2] = 101 | 143u << 12;
        var (electrons, jets, muons) = (new uint[12], new uint[12], new ulong[8]);
        electrons[1] = 511 | 0xFFu << 9 | 7u << 17 | 3u << 25;
        jets[9] = 2047 | 0x80u << 11 | 100u << 19;
        muons[0] = 575 | 45UL << 10 | 0x1FEUL << 23 | 1UL << 34;
        var crossing = new GlobalTriggerCrossing(0, muons.ToSeq(), electrons.ToSeq(), new uint[12].ToSeq(), jets.ToSeq(), sums.ToSeq(), new string('0', 64), new string('0', 128), "0");
        var hardware = GlobalTriggerInputs.Of(crossing, GlobalTriggerUnits.Hardware);
        Assert.Equal([101, 0, 143], hardware[..3]);
        Assert.Equal([0, 0, 0, 511, -1, 7], hardware[3..9]);
        Assert.Equal([45, -2, 575], hardware[15..18]);
        Assert.Equal([2047, -128, 100], hardware[54..]);
        // CMSSW divides integers: the last bit of a momentum is lost.
        var gev = GlobalTriggerInputs.Of(crossing, GlobalTriggerUnits.Axol1tl);
        Assert.Equal([50, 255, 22, 1023], [gev[0], gev[6], gev[15], gev[54]]);
        Assert.Equal(hardware.Where((_, i) => i % 3 != 0), gev.Where((_, i) => i % 3 != 0));
    }

    [Fact]
    public void Algorithm_bits_count_from_the_last_digit_and_malformed_crossings_are_named()
    {
        var crossing = new GlobalTriggerCrossing(0, new ulong[8].ToSeq(), new uint[12].ToSeq(), new uint[12].ToSeq(), new uint[12].ToSeq(), new uint[6].ToSeq(), new string('0', 64), new string('0', 126) + "42", "1");
        Assert.Equal([1, 6], Enumerable.Range(0, 512).Where(crossing.Accepts));
        GlobalTriggerPattern.Write(_folder["gt.txt"], [crossing]);
        var good = File.ReadAllText(_folder["gt.txt"]);
        File.WriteAllText(_folder["gt.txt"], good + good.Replace(" 00000000 ", " 0000000 ", StringComparison.Ordinal));
        Expect("HLS4109", "Line 2: a number of 4 digits, 8 muons of 16", () => GlobalTriggerPattern.Read(_folder["gt.txt"]));
        File.WriteAllText(_folder["gt.txt"], good.Replace("0000 ", "000x ", StringComparison.Ordinal));
        Expect("HLS4109", "is not hexadecimal", () => GlobalTriggerPattern.Read(_folder["gt.txt"]));
    }

    [Fact]
    public void Numbers_of_hls4ml_are_read_back_exactly()
    {
        double[][] rows = [[1, -0.1, 1 / 3.0], [double.Epsilon, 1e300, -5]];
        DatVectors.Write(_folder["x.dat"], rows);
        Assert.Equal(rows, DatVectors.Read(_folder["x.dat"]));
        File.WriteAllText(_folder["x.dat"], "1 2 3\n4 5\n");
        Expect("HLS4109", "Line 2: there are 2 numbers instead of the 3", () => DatVectors.Read(_folder["x.dat"]));
        File.WriteAllText(_folder["x.dat"], "1 nan\n");
        Expect("HLS4109", "Line 1: 'nan' is no finite number", () => DatVectors.Read(_folder["x.dat"]));
    }

    private static void Expect(string rule, string says, Action action)
    {
        var diagnostic = Assert.Throws<UserErrorException>(action).Diagnostics[0];
        Assert.Equal(rule, diagnostic.Rule.Id);
        Assert.Contains(says, diagnostic.ToString(), StringComparison.Ordinal);
    }
}
