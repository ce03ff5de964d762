using Hls4Net.Core.Kernels;
using Hls4Net.Emission;

namespace Hls4Net.Verification.Gpp;

/// <summary>An HLS project on disk with the design that it was printed from.</summary>
/// <param name="Design">The typed design.</param>
/// <param name="Options">The options that it was printed with; the prefix tells designs of one program apart.</param>
/// <param name="ProjectFolder">The folder that holds <c>firmware/</c>.</param>
public sealed record GppDesign(Design Design, HlsOptions Options, string ProjectFolder);
