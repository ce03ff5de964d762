using System.Runtime.Intrinsics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Data;

/// <summary>What a command demands of the arrays that a user hands it.</summary>
public static class DataChecks
{
    /// <summary>The shape must be [N, row shape…] with any N.</summary>
    /// <param name="source">The file, for the message.</param>
    /// <param name="shape">What the file has.</param>
    /// <param name="rowShape">What one event needs.</param>
    /// <exception cref="UserErrorException">It is another (HLS4010).</exception>
    public static void RequireRows(string source, IReadOnlyList<long> shape, Seq<int> rowShape)
    {
        if (shape.Skip(1).SequenceEqual(rowShape.Select(e => (long)e)) && shape.Count == rowShape.Count + 1)
            return;
        throw new UserErrorException(Messages.ArrayShape(source, ShapeText.Of(shape), ShapeText.OfRows(rowShape), Advice(shape, rowShape)));
    }

    /// <inheritdoc cref="RequireRows(string, IReadOnlyList{long}, Seq{int})"/>
    public static void RequireRows(NpyBatchReader reader, Seq<int> rowShape) =>
        RequireRows(reader.Source, [reader.Rows, .. reader.RowShape.Select(e => (long)e)], rowShape);

    /// <inheritdoc cref="RequireRows(string, IReadOnlyList{long}, Seq{int})"/>
    public static void RequireRows(NpyArray array, Seq<int> rowShape) =>
        RequireRows(array.Source, [.. array.Shape.Select(e => (long)e)], rowShape);

    /// <summary>The element type must be an integer.</summary>
    /// <exception cref="UserErrorException">It is not (HLS4011).</exception>
    public static void RequireIntegers(string source, NpyType type)
    {
        if (type.IsFloat() || type == NpyType.Bool)
            throw new UserErrorException(Messages.ArrayType(source, type.Name(), "an integer type such as int64",
                "These are the stored integers of fixed-point numbers: without --raw, real numbers are taken."));
    }

    /// <summary>Every element must be a finite number.</summary>
    /// <param name="source">The file, for the message.</param>
    /// <param name="rows">Whole rows, row after row.</param>
    /// <param name="rowShape">The shape of one row.</param>
    /// <param name="firstRow">Row of the file that <paramref name="rows"/> begins with.</param>
    /// <exception cref="UserErrorException">Some are infinite or no number (HLS4012).</exception>
    public static void RequireFinite(string source, ReadOnlySpan<double> rows, Seq<int> rowShape, long firstRow = 0)
    {
        var count = 0;
        var first = -1;
        var done = 0;
        // NaN is not less than anything either.
        while (done <= rows.Length - Vector512<double>.Count && Vector512.LessThanAll(Vector512.Abs(Vector512.Create(rows[done..])), Vector512.Create(double.PositiveInfinity)))
            done += Vector512<double>.Count;
        for (var i = done; i < rows.Length; i++)
        {
            if (double.IsFinite(rows[i]))
                continue;
            if (count++ == 0)
                first = i;
        }
        if (count > 0)
        {
            var index = NpyArray.IndexText(rowShape.Prepend(int.MaxValue).ToSeq(), first, firstRow);
            throw new UserErrorException(Messages.NotFinite(source, count, index, double.IsNaN(rows[first]) ? "NaN" : "infinite"));
        }
    }

    private static string Advice(IReadOnlyList<long> shape, Seq<int> rowShape)
    {
        var row = rowShape.Aggregate((Int128)1, (p, e) => p * e);
        var tail = string.Join(", ", rowShape.Select(e => FormattableString.Invariant($"{e}")));
        if (shape.SequenceEqual(rowShape.Select(e => (long)e)))
            return "This is one row without the batch dimension: save x[None].";
        if (shape.Count == 2 && rowShape.Count == 1 && shape[0] == rowShape[0])
            return "It looks transposed: save x.T.";
        if (shape.Count > 0 && shape.Skip(1).Aggregate((Int128)1, (p, e) => p * e) == row)
            return $"Each row has the right number of elements: if their order is right too, save x.reshape(-1, {tail}).";
        return "";
    }
}
