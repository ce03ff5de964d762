using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Pruning;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <content>What becomes of a layer's weights.</content>
public sealed partial class ConfigurationReader
{
    private LayerTypes ReadPruneKey(LayerTypes result, string key, YamlNode value) => key switch
    {
        "prune" => result with { Prune = ReadPrune(value) },
        "round_weights" => result with { RoundWeights = ReadShare(value) },
        "weight_integers" => result with { WeightIntegers = ReadIntegers(value) },
        _ => result with { BiasIntegers = ReadIntegers(value) },
    };

    private PruneChoice? ReadPrune(YamlNode node)
    {
        if (PruneChoice.Parse(Scalar(node)) is { } choice)
            return choice;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' says not what to prune; {PruneChoice.Form} is needed."));
        return null;
    }

    private double? ReadShare(YamlNode node)
    {
        if (PruneChoice.ParseShare(Scalar(node)) is { } share)
            return share;
        _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, $"'{Scalar(node)}' is no error; a share of the layer's output such as 1% is needed."));
        return null;
    }

    private Seq<long>? ReadIntegers(YamlNode node)
    {
        if (node is not YamlSequenceNode list)
        {
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, "A list of integers is needed here."));
            return null;
        }
        var result = new long[list.Children.Count];
        for (var i = 0; i < result.Length; i++)
        {
            if (list.Children[i] is YamlScalarNode { Value: { } text } && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result[i]))
                continue;
            _diagnostics.Add(Messages.ConfigurationSyntax(_file, list.Children[i].Start.Line, "A list of integers is needed here."));
            return null;
        }
        return result.ToSeq();
    }
}
