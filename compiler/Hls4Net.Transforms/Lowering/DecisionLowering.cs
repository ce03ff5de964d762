using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>Prescales and rate counters of a decision as a module: loops through states, which hold in cycles without an event.</summary>
internal sealed class DecisionLowering
{
    private readonly ModuleBuilder _builder;
    private readonly DecisionOptions _options;
    private readonly int _valid;
    private readonly int _restart;

    private DecisionLowering(string name, DecisionOptions options, bool hasValid)
    {
        (_builder, _options) = (new(name), options);
        _restart = Input("restart");
        _valid = hasValid ? Input("valid") : -1;
    }

    /// <summary>
    /// A module with the inputs restart, valid (if there is one), trigger and prescale (if it is a setting), and the outputs that the options ask for, in the
    /// order of their names in <see cref="DecisionOptions"/>.
    /// </summary>
    /// <param name="bits">Bits of the decision.</param>
    /// <param name="hasValid">Whether there are cycles without an event.</param>
    public static Module Build(string name, DecisionOptions options, int bits, bool hasValid) => new DecisionLowering(name, options, hasValid).Build(bits);

    private Module Build(int bits)
    {
        var accepts = Enumerable.Range(0, bits).Select(k => _builder.InputNet(Net.Of(_builder.FreshName(FormattableString.Invariant($"trigger_{k}")), FixedType.Bit))).ToArray();
        _builder.InputPort("trigger", accepts);
        var factors = Factors(bits);
        var passes = accepts.Select((a, k) => _options.HasPrescale ? Prescale(a, factors[k]) : a).ToArray();
        if (_options.HasPrescale)
            _builder.OutputPort(DecisionOptions.Prescaled, passes);
        if (_options.HasRates)
        {
            var (begins, runs) = (Begins(), Runs());
            _builder.OutputPort(DecisionOptions.Rate, [.. accepts.Select(a => Count(And("counts", a, runs), begins))]);
            if (_options.HasPrescale)
                _builder.OutputPort(DecisionOptions.PrescaledRate, [.. passes.Select(p => Count(And("counts", p, runs), begins))]);
        }
        return _builder.ToModule([Origin], "Prescales and counts what the score accepts.");
    }

    /// <summary>What stands for a node of the user's file.</summary>
    private static Origin Origin { get; } = new("decision", "prescale, rate");

    private int Input(string name)
    {
        var net = _builder.InputNet(Net.Of(_builder.FreshName($"{name}_0"), FixedType.Bit));
        _builder.InputPort(name, [net]);
        return net;
    }

    private int[] Factors(int bits)
    {
        if (_options.Factors.Count > 0)
            return [.. _options.Factors.Select(f => f == 1 ? -1 : _builder.Constant(f, Unsigned(Math.Max(1, (int)new BigInteger(f).GetBitLength()))))];
        if (_options.PrescaleBits == 0)
            return [];
        var nets = Enumerable.Range(0, bits).Select(k => _builder.InputNet(Net.Of(_builder.FreshName(FormattableString.Invariant($"prescale_{k}")), Unsigned(_options.PrescaleBits)))).ToArray();
        _builder.InputPort(DecisionOptions.Prescale, nets, isSetting: true);
        return nets;
    }

    /// <param name="factor">−1 for a factor that is always 1.</param>
    private int Prescale(int accept, int factor)
    {
        if (factor < 0)
            return accept;
        var type = _builder[factor].Type;
        var count = _builder.Open(Net.Of(_builder.NumberedName("count"), type), 0);
        var next = Sum("count_next", Choose("count_before", _restart, _builder.Constant(0, type), count), accept);
        var isLess = _builder.Add("is_less", FixedType.Bit, null, r => new LessThan(r, next, factor));
        var isOn = type.Width == 1 ? factor : _builder.Add("is_on", FixedType.Bit, null, r => new OrReduction(r, factor));
        var passes = And("passes", And("accepts", accept, isOn), Not("is_enough", isLess));
        var ends = _builder.Add("ends", FixedType.Bit, null, r => new BitwiseOr(r, passes, Not("is_off", isOn)));
        Close(count, Choose("count_after", ends, _builder.Constant(0, type), next));
        return passes;
    }

    /// <summary>1 with the first event of a period.</summary>
    private int Begins()
    {
        if (_options.Period == 0)
            return _restart;
        var type = Unsigned(Math.Max(1, (int)new BigInteger(_options.Period - 1).GetBitLength()));
        var place = _builder.Open(Net.Of(_builder.NumberedName("place"), type), 0);
        var (zero, last) = (_builder.Constant(0, type), _builder.Constant(_options.Period - 1, type));
        var here = Choose("place_here", _restart, zero, place);
        var isLast = _builder.Add("is_last", FixedType.Bit, null, r => new EqualTo(r, here, last));
        Close(place, Choose("place_next", isLast, zero, Sum("place_on", here, _builder.Constant(1, FixedType.Bit))));
        return _builder.Add("begins", FixedType.Bit, null, r => new EqualTo(r, here, zero));
    }

    /// <summary>1 from the first restart on: what registers hold before is not from events.</summary>
    private int Runs()
    {
        var running = _builder.Open(Net.Of(_builder.FreshName("running"), FixedType.Bit), 0);
        var runs = _builder.Add("runs", FixedType.Bit, null, r => new BitwiseOr(r, running, _restart));
        Close(running, runs);
        return runs;
    }

    private int Count(int counted, int begins)
    {
        var type = Unsigned(_options.RateBits);
        var (sum, rate) = (_builder.Open(Net.Of(_builder.NumberedName("accepted"), type), 0), _builder.Open(Net.Of(_builder.NumberedName("rate_kept"), type), 0));
        var before = Choose("accepted_before", begins, _builder.Constant(0, type), sum);
        var isFull = _builder.Add("is_full", FixedType.Bit, null, r => new AndReduction(r, before));
        Close(sum, Choose("accepted_after", isFull, before, Sum("accepted_next", before, counted)));
        var shown = Choose("rate_now", _valid < 0 ? begins : And("begins_now", begins, _valid), sum, rate);
        _builder.Close(rate, shown);
        return shown;
    }

    /// <summary>Gives a state what it holds after an event.</summary>
    private void Close(int state, int next) => _builder.Close(state, _valid < 0 ? next : Choose("held", _valid, next, state));

    private int Sum(string name, int number, int bit)
    {
        var step = _builder.Extend(bit, _builder[number].Width);
        return _builder.Add(name, _builder[number].Type, null, r => new Adder(r, number, step));
    }

    private int Choose(string name, int condition, int then, int otherwise) => _builder.Add(name, _builder[otherwise].Type, null, r => new Multiplexer(r, condition, then, otherwise));

    private int And(string name, int a, int b) => _builder.Add(name, FixedType.Bit, null, r => new BitwiseAnd(r, a, b));

    private int Not(string name, int bit) => _builder.Add(name, FixedType.Bit, null, r => new BitwiseNot(r, bit));

    private static FixedType Unsigned(int bits) => new(false, bits, bits);
}
