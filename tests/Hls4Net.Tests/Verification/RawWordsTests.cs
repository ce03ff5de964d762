using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;
using Hls4Net.Verification;

namespace Hls4Net.Tests.Verification;

public sealed class RawWordsTests
{
    public static TheoryData<int, bool> Types()
    {
        var types = new TheoryData<int, bool>();
        foreach (var width in new[] { 1, 2, 31, 32, 33, 62, 63, 64, 65, 127, 128, 129, 1024 })
        {
            types.Add(width, true);
            types.Add(width, false);
        }
        return types;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Integers_of_any_width_survive_as_words(int width, bool signed)
    {
        var type = new FixedType(signed, width, 3);
        BigInteger[] raw = [type.MinimumRaw, type.MaximumRaw, 0, type.MaximumRaw / 3, type.MinimumRaw / 5, type.MaximumRaw - type.MaximumRaw / 7];
        var words = RawWords.Pack(RawBatch.Of(2, raw), width);
        Assert.Equal(raw.Length * RawWords.WordsOf(width), words.Length);
        var back = RawWords.Unpack(words, 3, 2, type);
        Assert.Equal(raw, Enumerable.Range(0, raw.Length).Select(n => back[n / 2, n % 2]));
        Assert.Equal(Array.TrueForAll(raw, r => r >= long.MinValue && r <= long.MaxValue), back.Wide is null);
        if (back.Wide is null)
            Assert.Equal(words, RawWords.Pack(back, width));
    }
}
