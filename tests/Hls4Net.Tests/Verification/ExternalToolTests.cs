using System.Diagnostics;
using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Tests.Verification;

public sealed class ExternalToolTests : IDisposable
{
    private static readonly ExternalTool Shell = ExternalTool.Find(new KnownTool("sh", "dash", "runs scripts"))!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Output_errors_and_exit_code_come_back_and_the_log_has_all_of_it()
    {
        var log = _folder["run.log"];
        var result = Run("echo out; echo err >&2; pwd; exit 3", new ToolOptions { WorkingDirectory = _folder.Path, LogPath = log });
        Assert.Equal(3, result.ExitCode);
        Assert.Equal($"out\n{_folder.Path}\n", result.Output);
        Assert.Equal("err\n", result.Errors);
        Assert.False(result.Truncated);
        Assert.Equal(new HashSet<string> { "out", "err", _folder.Path }, [.. File.ReadAllLines(log)]);
    }

    [Fact]
    public void Arguments_arrive_as_they_were_given()
    {
        string[] arguments = ["", "a b", "'", "\"", "\\", "\\\"", "$HOME", "*", "a\nb", "ü€", "--x=1;rm", "`id`"];
        var result = Shell.Run(["-c", "for a in \"$@\"; do printf '<%s>' \"$a\"; done", "sh", .. arguments], cancellation: Token);
        Assert.Equal(string.Concat(arguments.Select(a => $"<{a}>")), result.Output);
    }

    [Fact]
    public void Nothing_can_be_typed_and_messages_are_in_the_C_locale() =>
        Assert.Equal("end of input, C\n", Run("read x || echo end of input, $LC_ALL").Output);

    [Fact]
    public void Memory_is_bounded_whatever_is_printed()
    {
        var log = _folder["run.log"];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var result = Run("head -c 50000000 /dev/zero | tr '\\0' 'x'; echo; echo last line", new ToolOptions { MaximumOutputBytes = 1000, LogPath = log });
        Assert.Equal(new string('x', 1000), result.Output);
        Assert.True(result.Truncated);
        Assert.EndsWith("x\nlast line", result.LastLines);
        Assert.Equal(50_000_000 + 11, new FileInfo(log).Length);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("sleep 1000 & sleep 1000 & wait")]
    [InlineData("(sleep 1000 &); trap '' TERM INT; while :; do sleep 1; done")]
    public void A_program_that_takes_too_long_is_ended_with_all_that_it_started(string script)
    {
        var clock = Stopwatch.StartNew();
        var log = _folder["run.log"];
        var diagnostic = Only(Assert.Throws<UserErrorException>(() =>
            Run("echo $$; echo before; " + script, new ToolOptions { Timeout = TimeSpan.FromSeconds(0.5), LogPath = log })));
        Assert.Equal("HLS5013", diagnostic.Rule.Id);
        Assert.Contains("after 0.5 s", diagnostic.Message);
        Assert.Contains("before", diagnostic.Message);
        Assert.Contains(log, diagnostic.Advice);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.4, 10);
        AssertGroupIsGone(int.Parse(File.ReadLines(log).First(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Cancelling_ends_a_program_with_all_that_it_started()
    {
        var log = _folder["run.log"];
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = Shell.RunAsync(["-c", "echo $$; (sleep 1000 &); sleep 1000"], new ToolOptions { LogPath = log }, source.Token);
        while (!File.Exists(log) || new FileInfo(log).Length == 0)
            await Task.Delay(10, Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        AssertGroupIsGone(int.Parse(File.ReadLines(log).First(), CultureInfo.InvariantCulture));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Shell.RunAsync(["-c", ":"], new ToolOptions(), source.Token));
    }

    [Fact]
    public void A_child_left_in_the_background_does_not_keep_us_waiting()
    {
        var clock = Stopwatch.StartNew();
        var result = Run("echo $$; sleep 1000 &");
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        AssertGroupIsGone(int.Parse(result.Output, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Failing_shows_the_last_lines_and_names_the_log()
    {
        var log = _folder["run.log"];
        var diagnostic = Only(Assert.Throws<UserErrorException>(() => Shell.RunToSuccess(
            ["-c", "i=0; while [ $i -lt 100 ]; do echo \"line $i\"; i=$((i+1)); done; printf 'x.cpp:1: \\033[31merror\\033[0m\\n' >&2; exit 2"],
            new ToolOptions { LogPath = log }, Token)));
        Assert.Equal("HLS5012", diagnostic.Rule.Id);
        Assert.Contains("exit code 2", diagnostic.Message);
        Assert.Contains("\n    line 99", diagnostic.Message);
        Assert.EndsWith("\n    x.cpp:1: ?[31merror?[0m\n", diagnostic.Message);
        Assert.DoesNotContain("line 89\n", diagnostic.Message);
        Assert.Contains(log, diagnostic.Advice);
        Assert.Equal(101, File.ReadAllLines(log).Length);

        Assert.Contains("signal 9, often for want of memory", Only(Assert.Throws<UserErrorException>(() => Shell.RunToSuccess(["-c", "kill -9 $$"], null, Token))).Message);
        Assert.Contains("It printed nothing", Only(Assert.Throws<UserErrorException>(() => Shell.RunToSuccess(["-c", "kill -9 $$"], null, Token))).Message);
        Assert.Equal("ok\n", Shell.RunToSuccess(["-c", "echo ok"], null, Token).Output);
    }

    [Fact]
    public void A_program_that_fails_without_a_word_is_said_to_be_broken_and_is_no_finding_about_its_input()
    {
        var diagnostic = Only(Assert.Throws<UserErrorException>(() => Shell.RunToSuccess(["-c", "exit 1"], null, Token)));
        Assert.Equal("HLS5015", diagnostic.Rule.Id);
        Assert.Contains($"{Shell.Path} ended with exit code 1 and printed nothing", diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("--version", diagnostic.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_started_says_why()
    {
        var text = _folder.Write("text", "no program"u8.ToArray());
        var program = _folder.Write("program", "#!/no/such/interpreter\n"u8.ToArray());
        Assert.Equal(0, new ExternalTool("chmod", ExternalTool.Find(new KnownTool("chmod", "coreutils", ""))!.Path).Run(["+x", program], null, Token).ExitCode);
        foreach (var (tool, options, reason) in new[]
        {
            (new ExternalTool("absent", _folder["absent"]), new ToolOptions(), "not an executable"),
            (new ExternalTool("text", text), new ToolOptions(), "not an executable"),
            (new ExternalTool("program", program), new ToolOptions(), "No such file"),
            (Shell, new ToolOptions { WorkingDirectory = _folder["absent"] }, "no folder"),
        })
        {
            var diagnostic = Only(Assert.Throws<UserErrorException>(() => tool.Run([], options, Token)));
            Assert.Equal("HLS5014", diagnostic.Rule.Id);
            Assert.Contains(reason, diagnostic.Message);
        }
        Assert.Equal("HLS4016", Only(Assert.Throws<UserErrorException>(() => Run(":", new ToolOptions { LogPath = _folder["absent/log"] }))).Rule.Id);
    }

    [Fact]
    public void A_missing_program_is_named_with_its_package()
    {
        var diagnostic = Only(Assert.Throws<UserErrorException>(() => ExternalTool.Require(new KnownTool("no-such-program", "some-package", "does nothing"))));
        Assert.Equal("HLS5011", diagnostic.Rule.Id);
        Assert.Equal("no-such-program", diagnostic.Where);
        Assert.Contains("does nothing", diagnostic.Message);
        Assert.EndsWith("apt-get install some-package", diagnostic.Advice);
        Assert.Equal(Shell, ExternalTool.Require(new KnownTool("sh", "dash", "runs scripts")));
    }

    [Fact]
    public void The_inventory_lists_every_tool_with_what_is_there()
    {
        var reports = ToolInventory.Inspect();
        Assert.Equal(["verilator", "g++", "make", "iverilog", "yosys", "ghdl", "node", "npm", "onnxruntime"], reports.Select(r => r.Name));
        foreach (var report in reports)
        {
            Assert.NotEmpty(report.Purpose);
            Assert.Contains("install", report.Install);
            if (report.Path is not null)
                Assert.Matches(@"^\d+(\.\d+)+$", report.Version);
            else
                Assert.Null(report.Version);
        }
        foreach (var name in new[] { "verilator", "g++", "make" })
        {
            if (reports.Single(r => r.Name == name).Path is null)
                TestFiles.Missing(name);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ToolResult Run(string script, ToolOptions? options = null) => Shell.Run(["-c", script], options, Token);

    private static Diagnostic Only(UserErrorException error) => Assert.Single(error.Diagnostics);

    /// <summary>No living process is left in the group that <paramref name="leader"/> led.</summary>
    private static void AssertGroupIsGone(int leader)
    {
        var clock = Stopwatch.StartNew();
        string[] left;
        do
        {
            left = [.. Directory.GetDirectories("/proc").Select(Stat).Where(s => s.Length > 0 && IsAliveIn(s, leader))];
        }
        while (left.Length > 0 && clock.Elapsed < TimeSpan.FromSeconds(2));
        Assert.Empty(left);
    }

    private static bool IsAliveIn(string stat, int leader)
    {
        // pid (name) state parent group …; the name may hold anything, so count from its closing bracket.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is not ("Z" or "X") && fields[2] == leader.ToString(CultureInfo.InvariantCulture);
    }

    private static string Stat(string folder)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) ? File.ReadAllText(Path.Combine(folder, "stat")) : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
