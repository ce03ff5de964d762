using System.Globalization;
using System.Numerics;
using System.Text;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Emission;

/// <summary>Writes events the way the testbench of an HLS project reads them: <c>tb_data/inputs.txt</c> and <c>tb_data/expected.txt</c>.</summary>
public static class HlsCppVectors
{
    /// <summary>One line for each event: the raw integers of all elements of all arrays, separated by blanks.</summary>
    /// <param name="arrays">The inputs or outputs of the layout, all of them and in its order.</param>
    /// <param name="batches">Raw integers by channel name; a setting has one event, written on every line.</param>
    public static string Text(IReadOnlyList<HlsArray> arrays, IReadOnlyDictionary<string, RawBatch> batches)
    {
        var events = arrays.Max(a => batches[a.Name].Events);
        var text = new StringBuilder();
        for (var e = 0; e < events; e++)
        {
            var separator = "";
            foreach (var array in arrays)
            {
                var batch = batches[array.Name];
                for (var i = 0; i < array.Elements; i++)
                {
                    text.Append(separator).Append(Field(batch[batch.Events == 1 ? 0 : e, i], array.Type));
                    separator = " ";
                }
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Field(BigInteger raw, FixedType type)
    {
        if (type.Width <= 64)
            return raw.ToString(CultureInfo.InvariantCulture);
        var bits = raw.Sign < 0 ? raw + (BigInteger.One << type.Width) : raw;
        return $"0x{bits.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft((type.Width + 3) / 4, '0')}";
    }
}
