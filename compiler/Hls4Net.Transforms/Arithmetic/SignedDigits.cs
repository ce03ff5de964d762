using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>Canonical signed digits: an integer as the fewest ±2^k, no two neighbours.</summary>
public static class SignedDigits
{
    /// <summary>How many digits there are: the places where n and 3n differ.</summary>
    /// <param name="value">Of at most 62 bits.</param>
    public static int Count(long value) => BitOperations.PopCount((ulong)(value ^ (value * 3)));

    /// <summary>The digits, lowest first.</summary>
    public static IEnumerable<(int Shift, int Sign)> Of(BigInteger value)
    {
        var shift = 0;
        while (!value.IsZero)
        {
            if (!value.IsEven)
            {
                // A remainder of 3 modulo 4 is cheaper as -1 and a carry.
                var sign = (int)(value & 3) == 1 ? 1 : -1;
                yield return (shift, sign);
                value -= sign;
            }
            value >>= 1;
            shift++;
        }
    }
}
