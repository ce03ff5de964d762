using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Settings;

/// <summary>
/// What firmware does to an input before the network: it subtracts an offset, shifts right, and casts to the network's own type. The
/// difference and the shifted number stay in the input's type, so that both wrap and the shift drops bits.
/// </summary>
/// <param name="Offset">Subtracted; one number for all elements or one for each; empty for none.</param>
/// <param name="Shift">Places to the right, to the left where negative; one for all elements or one for each; empty for none.</param>
/// <param name="Result">What the shifted number is cast to; null to leave it in the input's type.</param>
/// <param name="Line">Line in the configuration file.</param>
public sealed record InputStage(Seq<Dyadic> Offset, Seq<int> Shift, Quantizer? Result, long Line);
