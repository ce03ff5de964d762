using System.Numerics;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// One value for each event of a block: raw integers that all have the same number of fraction bits. A uniform value is the same
/// for every event and holds one integer. A product by a uniform factor is kept as such until somebody needs its integers, because
/// most products are only ever added up.
/// </summary>
internal readonly struct Lanes<T>
    where T : IBinaryInteger<T>
{
    private readonly bool _isProduct;

    /// <param name="raw">One integer an event, or a single one for all; nobody may write to it afterwards.</param>
    /// <param name="fraction">Fraction bits.</param>
    /// <param name="isNarrow">Whether all the integers are known to fit 32 bits with sign.</param>
    public Lanes(T[] raw, int fraction, bool isNarrow = false)
    {
        Source = raw;
        Fraction = fraction;
        IsNarrow = isNarrow;
        Factor = T.One;
    }

    private Lanes(T[] source, int fraction, bool isNarrow, T factor, bool isProduct)
    {
        Source = source;
        Fraction = fraction;
        IsNarrow = isNarrow;
        Factor = factor;
        _isProduct = isProduct;
    }

    /// <summary>The integers before the factor; the factor is 1 unless this is a product.</summary>
    public T[] Source { get; }

    public T Factor { get; }

    /// <summary>Whether the integers of <see cref="Source"/> are known to fit 32 bits with sign.</summary>
    public bool IsNarrow { get; }

    public int Fraction { get; }

    public bool IsUniform => Source.Length == 1;

    /// <summary>The integers. Of a product they are computed at every call.</summary>
    public T[] Raw => _isProduct ? Multiplied() : Source;

    public T this[int lane] => _isProduct ? checked(Source[IsUniform ? 0 : lane] * Factor) : Source[IsUniform ? 0 : lane];

    /// <summary>operand · factor with the given number of fraction bits.</summary>
    public static Lanes<T> Product(Lanes<T> operand, T factor, int fraction) =>
        new(operand.Raw, fraction, operand.IsNarrow && !operand._isProduct, factor, isProduct: true);

    /// <summary>The same integers, read with another number of fraction bits.</summary>
    public Lanes<T> Reinterpret(int fraction) => new(Source, fraction, IsNarrow, Factor, _isProduct);

    private T[] Multiplied()
    {
        var result = new T[Source.Length];
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = checked(Source[lane] * Factor);
        return result;
    }
}
