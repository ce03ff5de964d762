using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Cli.Compilation;

/// <summary>Estimates of resources as the manifest has them.</summary>
internal static class EstimateEntries
{
    public static ResourceEntry Of(Resources resources) => new((long)resources.Luts, (long)resources.MemoryLuts, (long)resources.FlipFlops,
        resources.Dsps, resources.Brams, resources.Urams);

    public static EstimateEntry Of(HardwareDesign hardware, ResourceEstimate estimate)
    {
        var totals = Device.Find(hardware.Part).Totals;
        return new(estimate.Tool, Of(estimate.Total), Of(estimate.Between), (long?)estimate.PackedLuts?.Least, (long?)estimate.PackedLuts?.Most,
            totals is null ? null : new(totals.Luts, 0, totals.FlipFlops, totals.Dsps, totals.Brams, totals.Urams), totals?.Regions);
    }
}
