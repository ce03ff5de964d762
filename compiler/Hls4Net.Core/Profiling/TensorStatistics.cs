namespace Hls4Net.Core.Profiling;

/// <summary>Collects how far fixed point is from real numbers, a block of events after the other.</summary>
internal sealed class TensorStatistics
{
    private double _sum;
    private double _signal;
    private double _noise;

    public double Low { get; private set; } = double.PositiveInfinity;

    public double High { get; private set; } = double.NegativeInfinity;

    public long Count { get; private set; }

    public double LargestError { get; private set; }

    public double MeanError => Count == 0 ? 0 : _sum / Count;

    public SignalToNoise SignalToNoise => SignalToNoise.Of(_signal, _noise);

    public Magnitudes Magnitudes { get; } = new();

    public void Add(double[] real, double[] typed)
    {
        for (var k = 0; k < real.Length; k++)
        {
            var error = Math.Abs(typed[k] - real[k]);
            (Low, High) = (Math.Min(Low, real[k]), Math.Max(High, real[k]));
            Magnitudes.Add(real[k]);
            LargestError = Math.Max(LargestError, error);
            _sum += error;
            _signal += real[k] * real[k];
            _noise += error * error;
        }
        Count += real.Length;
    }
}
