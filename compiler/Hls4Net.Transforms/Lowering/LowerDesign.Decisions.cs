using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Lowering;

/// <summary>The module behind the decision, with ports of its own at the top.</summary>
internal sealed partial class LowerDesign
{
    /// <param name="valid">1 in the cycle of an event's results; −1 if every cycle has some.</param>
    private void AddDecision(int valid)
    {
        var (trigger, cycles) = (_design.Channel(_design.Outputs[^1]), _starts.Of(_design.Outputs));
        var bits = _channels[trigger.Name].Select(e => InType(trigger, e, FixedType.Bit)).ToSeq();
        var names = new[] { DecisionOptions.Restart, DecisionOptions.Prescale, DecisionOptions.Prescaled, DecisionOptions.Rate, DecisionOptions.PrescaledRate };
        if (Array.Find(names, n => _design.Channels.Any(c => c.Name == n)) is { } taken)
            throw new UserErrorException(Messages.DecisionWithoutCycles($"the network has a value called '{taken}'"));
        // Behind folded layers the bit waits for them, as that of valid events does.
        var restart = new FoldedStarts(_top).After(Input(DecisionOptions.Restart, [1, 1], FixedType.Bit, isSetting: false)[0], cycles);
        var module = DecisionLowering.Build(_moduleNames.Fresh($"{_prefix}_decision"), _decision, bits.Count, valid >= 0);
        _modules.Add(module);
        Seq<Seq<int>> inputs = valid < 0 ? [[restart], bits] : [[restart], [valid], bits];
        if (_decision.PrescaleBits > 0)
            inputs = [.. inputs, Input(DecisionOptions.Prescale, [1, bits.Count], new(false, _decision.PrescaleBits, _decision.PrescaleBits), isSetting: true)];
        var outputs = module.Outputs.ToArray();
        var nets = _top.Use(_top.FreshName("decision"), module, inputs, outputs.Select(o => o.Nets.Select((n, k) =>
            Net.Of(_top.FreshName(Numbered($"{o.Name}_bit", k)), module.Nets[n].Type))));
        foreach (var (port, results) in outputs.Zip(nets))
        {
            var name = _top.FreshName(port.Name);
            _top.OutputPort(name, results);
            _ports.Add(new(name, PortRole.Output, port.Name, port.Name, [1, bits.Count], module.Nets[port.Nets[0]].Type));
        }
    }

    private Seq<int> Input(string channel, Seq<int> shape, FixedType type, bool isSetting)
    {
        var port = _top.FreshName(channel);
        var nets = Enumerable.Range(0, shape[^1]).Select(k => _top.InputNet(Net.Of(_top.FreshName(Numbered(port, k)), type))).ToSeq();
        _top.InputPort(port, nets, isSetting);
        _ports.Add(new(port, isSetting ? PortRole.Setting : PortRole.Input, channel, channel, shape, type));
        return nets;
    }
}
