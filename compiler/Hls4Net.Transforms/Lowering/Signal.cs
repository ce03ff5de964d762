using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// A number on its way to bits, kept in the most general form that costs nothing yet. Always a linear form in the end; until
/// somebody asks for that, it can also be known as the rectified value of one, or only up to a multiple of a power of two.
/// </summary>
internal sealed class Signal
{
    private readonly Func<LinearForm>? _make;
    private LinearForm? _form;

    private Signal(Interval range, LinearForm? form, Func<LinearForm>? make) => (Range, _form, _make) = (range, form, make);

    /// <summary>What the number can be.</summary>
    public Interval Range { get; }

    /// <summary>The form whose maximum with zero the number is, if it is known as that.</summary>
    public LinearForm? Rectifies { get; private init; }

    /// <summary>A form that differs from the number by a multiple of 2^Integer, if the number is the result of a wrap.</summary>
    public (LinearForm Form, int Integer)? Congruent { get; private init; }

    /// <summary>Whether the form is there without further hardware.</summary>
    public bool IsPlain => _form is not null;

    /// <summary>The number as a linear form; making it may add cells.</summary>
    public LinearForm Form => _form ??= _make!();

    /// <summary>Whether the number is the same for every event, and which it is.</summary>
    public bool IsConstant(out Dyadic value)
    {
        value = Range.Minimum;
        return Range.Low == Range.High;
    }

    public static Signal Of(LinearForm form) => new(form.Range, form, null);

    public static Signal Of(Dyadic constant) => Of(LinearForm.Of(constant));

    /// <summary>max(form, 0), made by <paramref name="make"/> if it has to be bits.</summary>
    public static Signal Rectified(LinearForm form, Interval range, Func<LinearForm> make) => new(range, null, make) { Rectifies = form };

    /// <summary>A number that is known modulo 2^integer without hardware, and exactly with the hardware that <paramref name="make"/> adds.</summary>
    public static Signal Wrapped(LinearForm form, int integer, Interval range, Func<LinearForm> make) =>
        new(range, null, make) { Congruent = (form, integer) };
}
