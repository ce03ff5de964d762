using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Hardware;

/// <summary>
/// Small networks over pictures, drawn from a seed: convolutions, pools, means, branches that meet, rows of dense layers. Some filters are zero, so
/// that their channels are the same for every event, or zero behind a rectifier.
/// </summary>
internal sealed class RandomPictures
{
    private readonly Random _random;
    private readonly NetworkWriter _network;
    private readonly List<(string Value, Seq<int> Shape)> _earlier = [];
    private string _value;
    private Seq<int> _shape;
    private FixedType _type;
    private int _layers;

    private RandomPictures(int seed)
    {
        _random = new(seed);
        _network = new("picture");
        _shape = [1, _random.Next(1, 4), _random.Next(2, 7), _random.Next(2, 7)];
        _type = new(true, _random.Next(3, 8), 3);
        _value = _network.Input("x", _shape, _type);
    }

    public static Design Draw(int seed) => new RandomPictures(seed).Draw();

    private Design Draw()
    {
        for (var layers = _random.Next(1, 5); layers > 0; layers--)
        {
            _earlier.Add((_value, _shape));
            switch (_random.Next(9))
            {
                case 0 or 1 or 2 or 3:
                    Conv();
                    break;
                case 4:
                    Pool();
                    break;
                case 5:
                    Average();
                    break;
                case 6:
                    Meet();
                    break;
                case 7:
                    Rectified();
                    break;
                default:
                    Shrink();
                    break;
            }
        }
        if (_random.Next(3) == 0)
            Global();
        if (_random.Next(3) > 0)
            Dense();
        return _network.ToDesign(_value);
    }

    private string Name(string stem) => $"{stem}{++_layers}";

    private Windows Window()
    {
        int Extent(int size) => _random.Next(1, Math.Min(3, size) + 1);
        Seq<int> kernel = [Extent(_shape[2]), Extent(_shape[3])];
        var dilation = _random.Next(5) == 0 && (kernel[0] - 1) * 2 < _shape[2] && (kernel[1] - 1) * 2 < _shape[3] ? 2 : 1;
        Seq<int> before = [_random.Next(kernel[0]), _random.Next(kernel[1])];
        Seq<int> after = [_random.Next(kernel[0]), _random.Next(kernel[1])];
        return new(kernel, [_random.Next(3) == 0 ? 2 : 1, _random.Next(3) == 0 ? 2 : 1], [dilation, dilation], before, after, false);
    }

    private void Conv()
    {
        var (name, windows) = (Name("conv"), Window());
        var groups = _shape[1] > 1 && _random.Next(4) == 0 ? _shape[1] : 1;
        var filters = groups * _random.Next(1, 4 - (groups > 1 ? 2 : 0));
        var dead = Enumerable.Range(0, filters).Where(_ => _random.Next(4) == 0).ToHashSet();
        var (each, k) = (_shape[1] / groups * windows.Kernel[0] * windows.Kernel[1], 0);
        var weights = _network.Constant($"{name}_w", [filters, _shape[1] / groups, .. windows.Kernel], new(true, 5, 3), () => dead.Contains(k++ / each) ? 0 : _random.Next(-15, 16));
        var bias = _network.Constant($"{name}_b", [filters], new(true, 6, 3), () => _random.Next(-31, 32));
        _shape = [1, filters, .. windows.Positions(_shape)];
        _value = _network.Add(name, new Convolution(windows, groups), _random.Next(5) == 0 ? [_value, weights] : [_value, weights, bias], _shape, null);
        if (_random.Next(2) == 0)
            _value = _network.Add($"{name}_r", new Rectify(), [_value], _shape, null);
        Quantise(name);
    }

    private void Quantise(string name)
    {
        _type = new(_random.Next(2) == 0, _random.Next(2, 8), _random.Next(1, 5));
        var quantizer = new Quantizer(_type, (Rounding)_random.Next(7), (Overflow)_random.Next(4));
        _value = _network.Add($"{name}_q", new Quantize(quantizer), [_value], _shape, _type);
    }

    private void Pool()
    {
        var windows = Window();
        var positions = windows.Positions(_shape);
        _shape = [1, _shape[1], .. positions];
        _value = _network.Add(Name("pool"), new MaxPool(windows), [_value], _shape, _type);
    }

    private void Average()
    {
        var (name, windows) = (Name("average"), Window());
        _shape = [1, _shape[1], .. windows.Positions(_shape)];
        _value = _network.Add(name, new WindowSum(windows), [_value], _shape, null);
        Quantise(name);
    }

    private void Global()
    {
        var (name, windows) = (Name("mean"), new Windows([_shape[2], _shape[3]], [1, 1], [1, 1], [0, 0], [0, 0], false));
        _shape = [1, _shape[1], 1, 1];
        if (_random.Next(2) == 0)
        {
            _value = _network.Add(name, new MaxPool(windows), [_value], _shape, _type);
            return;
        }
        _value = _network.Add(name, new WindowSum(windows), [_value], _shape, null);
        Quantise(name);
    }

    /// <summary>With something of before: added where the shapes are equal, beside it where only the channels differ.</summary>
    private void Meet()
    {
        var others = _earlier.Where(e => e.Value != _value && e.Shape[2] == _shape[2] && e.Shape[3] == _shape[3]).ToArray();
        if (others.Length == 0)
            return;
        var (other, shape) = others[_random.Next(others.Length)];
        var name = Name("meet");
        if (shape == _shape && _random.Next(2) == 0)
        {
            _value = _network.Add(name, new Addition(), [_value, other], _shape, null);
        }
        else
        {
            _shape = [1, _shape[1] + shape[1], _shape[2], _shape[3]];
            _value = _network.Add(name, new Concatenation(1), [_value, other], _shape, null);
        }
        Quantise(name);
    }

    private void Rectified()
    {
        _value = _network.Add(Name("relu"), new Rectify(), [_value], _shape, null);
        Quantise($"relu{_layers}");
    }

    private void Shrink()
    {
        if (_shape[2] < 2 || _shape[3] < 2)
            return;
        var windows = new Windows([2, 2], [2, 2], [1, 1], [0, 0], [0, 0], false);
        _shape = [1, _shape[1], .. windows.Positions(_shape)];
        _value = _network.Add(Name("shrink"), new MaxPool(windows), [_value], _shape, _type);
    }

    private void Dense()
    {
        var (name, count, outputs) = (Name("fc"), _shape.Aggregate(1, (a, b) => a * b), _random.Next(1, 4));
        var flat = _network.Add($"{name}_flat", new Reshape([1, count]), [_value], [1, count], _type);
        var weights = _network.Constant($"{name}_w", [count, outputs], new(true, 5, 3), () => _random.Next(3) == 0 ? 0 : _random.Next(-15, 16));
        _shape = [1, outputs];
        _value = _network.Add(name, new Dense(), [flat, weights], _shape, null);
    }
}
