using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Tests.Verification;

public sealed class OnnxRuntimeLocatorTests
{
    [Fact]
    public void The_newest_library_for_this_machine_is_found_below_a_folder_of_npm()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(OnnxRuntimeLocator.FindBelow(folder.Path));
        Assert.Null(OnnxRuntimeLocator.FindBelow(null));
        var platform = $"linux/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        foreach (var name in new[] { "napi-v3/" + platform, "napi-v6/" + platform, "napi-v6/linux/other", "napi-v9" })
        {
            var at = Directory.CreateDirectory(folder[$"node_modules/onnxruntime-node/bin/{name}"]).FullName;
            File.WriteAllBytes(Path.Combine(at, "libonnxruntime.so.1"), []);
            File.WriteAllBytes(Path.Combine(at, "libonnxruntime_providers_shared.so"), []);
        }
        Assert.Equal(folder[$"node_modules/onnxruntime-node/bin/napi-v6/{platform}/libonnxruntime.so.1"], OnnxRuntimeLocator.FindBelow(folder.Path));
    }

    [Fact]
    public void A_library_that_is_something_else_is_refused()
    {
        using var folder = new TemporaryFolder();
        var cases = new[] { (folder["absent.so"], "absent.so"), (folder.Write("text.so", "text"u8.ToArray()), "text.so"), (LibraryOfTheSystem(), "is not ONNX Runtime") };
        foreach (var (path, message) in cases)
        {
            var diagnostic = Assert.Single(Assert.Throws<UserErrorException>(() => OnnxRuntimeLocator.Load(path)).Diagnostics);
            Assert.Equal("HLS5002", diagnostic.Rule.Id);
            Assert.Contains(message, diagnostic.Message);
            Assert.Equal(path, diagnostic.Where);
        }
    }

    [Fact]
    public void The_message_for_a_missing_library_says_what_to_type()
    {
        var diagnostic = Messages.OnnxRuntimeMissing(OnnxRuntimeLocator.InstallCommand(OnnxRuntimeLocator.DataFolder));
        Assert.Equal("HLS5001", diagnostic.Rule.Id);
        Assert.EndsWith("share/hls4net", OnnxRuntimeLocator.DataFolder);
        Assert.Contains($"npm install --ignore-scripts --no-save --prefix {OnnxRuntimeLocator.DataFolder} onnxruntime-node@", diagnostic.Advice);
    }

    [Fact]
    public void A_refused_model_is_a_diagnostic_that_says_how_to_go_on()
    {
        var diagnostic = Messages.OnnxRuntimeRefuses("m.onnx", "Fatal error: x is not a registered function/op.");
        Assert.Equal("HLS5003", diagnostic.Rule.Id);
        Assert.EndsWith("function/op.", diagnostic.Message);
        Assert.Contains("--with verilator,g++", diagnostic.Rule.Explanation);
    }

    [Fact]
    public void The_installation_script_installs_the_version_that_the_message_names()
    {
        var script = File.ReadAllText(TestFiles.InRepository("tools", "install-onnxruntime.sh"));
        Assert.Contains($"\nversion={OnnxRuntimeLocator.PackageVersion}\n", script);
    }

    private static string LibraryOfTheSystem() =>
        Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.*").Single(f => !f.EndsWith(".a", StringComparison.Ordinal));
}
