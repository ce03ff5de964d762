using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// Where the elements of a resized dimension lie in the original one, as ONNX defines each transformation. Coordinates are rational and
/// computed exactly, or where a division does not end to 160 bits.
/// </summary>
/// <param name="From">The extent.</param>
/// <param name="To">The extent of the result.</param>
/// <param name="Numerator">With the denominator: how many times larger the result is, which may differ from To / From.</param>
/// <param name="Denominator">Kept apart, so that a coordinate takes one division: it is exact, or not a whole number or half.</param>
/// <param name="Start">Where the region of tf_crop_and_resize begins, as a part of the extent.</param>
/// <param name="End">Where it ends.</param>
internal sealed record ResizedDimension(int From, int To, Dyadic Numerator, Dyadic Denominator, Dyadic Start, Dyadic End)
{
    public const string HalfPixel = "half_pixel";
    public const string Crop = "tf_crop_and_resize";

    private static readonly Dyadic Half = new(1, -1);

    private static readonly string[] Names =
        [HalfPixel, "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "half_pixel_symmetric", Crop];

    /// <summary>Whether the result is the same as the original.</summary>
    public bool IsSame(string transform) => From == To && Numerator == Denominator && (transform != Crop || (Start.IsZero && End == Dyadic.One));

    /// <summary>Where an index of the result lies in the original.</summary>
    public Dyadic Coordinate(OnnxNode node, int index, string transform) => transform switch
    {
        _ when IsSame(transform) => index,
        HalfPixel => HalfPixelOf(index),
        "pytorch_half_pixel" => To > 1 ? HalfPixelOf(index) : Dyadic.Zero,
        "align_corners" => To > 1 ? new Dyadic((long)index * (From - 1), 0) / (To - 1) : Dyadic.Zero,
        "asymmetric" => Undo(index),
        "tf_half_pixel_for_nn" when node.Opset < 13 => Undo(index + Half),
        // The part of the result that rounding down its extent has cut off is shared between both ends.
        "half_pixel_symmetric" when node.Opset >= 19 => new Dyadic(From - 1, -1) + new Dyadic(2 * index + 1 - To, -1) * Denominator / Numerator,
        Crop => To > 1
            ? (Start * (To - 1) + (End - Start) * index) * (From - 1) / (To - 1)
            : (Start + End) * Half * (From - 1),
        _ => throw node.Attributes.Value("coordinate_transformation_mode", $"'{transform}'", $"there are {string.Join(", ", Names)}, not all in every operator set"),
    };

    private Dyadic HalfPixelOf(int index) => Undo(index + Half) - Half;

    private Dyadic Undo(Dyadic position) => position * Denominator / Numerator;
}
