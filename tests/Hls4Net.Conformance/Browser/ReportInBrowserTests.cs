using Microsoft.Playwright;

namespace Hls4Net.Conformance.Browser;

/// <summary>
/// <c>report.html</c> in Debian's Chromium, as people see it: at the width of a phone and of a desktop, in light and dark.
/// </summary>
[Collection(nameof(Console))]
public sealed class ReportInBrowserTests(SampleReports reports) : IClassFixture<SampleReports>
{
    private static readonly string[] Questions = ["Does it fit?", "Is it fast enough?", "What did it cost in accuracy?", "What should I change?"];

    public static TheoryData<int, int, ColorScheme> Screens => new()
    {
        { 360, 740, ColorScheme.Light }, { 360, 740, ColorScheme.Dark }, { 1280, 800, ColorScheme.Light }, { 1280, 800, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_first_screen_answers_four_questions_and_nothing_is_wider_than_the_screen(int width, int height, ColorScheme scheme)
    {
        foreach (var report in new[] { "example", "hostile", "stream", "hls" })
        {
            await using var context = await reports.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, Offline = true });
            var page = await context.NewPageAsync();
            var (messages, requests) = (new List<string>(), new List<string>());
            page.Console += (_, m) => messages.Add(m.Text);
            page.PageError += (_, m) => messages.Add(m);
            page.Request += (_, r) => requests.Add(r.Url);
            await page.GotoAsync($"file://{reports.PageOf(report)}");
            Assert.Equal(Questions, await page.Locator(".card h2").AllInnerTextsAsync());
            foreach (var headline in await page.Locator(".card .headline").AllAsync())
            {
                var box = (await headline.BoundingBoxAsync())!;
                Assert.True(box.Y + box.Height <= height && box.X >= 0 && box.X + box.Width <= width, $"{report}: '{await headline.InnerTextAsync()}' is not on the first screen of {width} × {height}.");
                Assert.NotEqual("", (await headline.InnerTextAsync()).Trim());
            }
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Empty(messages);
            Assert.Single(requests);
            Assert.DoesNotContain("broken", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.True(await Contrast(page) >= 4.5, $"{report}: a headline has too little contrast in {scheme}.");
        }
    }

    [Fact]
    public async Task Every_section_is_there_with_its_drawing()
    {
        await using var context = await reports.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"file://{reports.PageOf("example")}");
        Assert.Equal(["change", "network", "timeline", "resources", "channels", "separation", "errors", "values", "weights", "warnings", "reproduce"],
            await page.Locator("section").EvaluateAllAsync<string[]>("s => s.map(e => e.id)"));
        // Two signals: a ROC of each, a histogram in fixed point and in real numbers, and the rate.
        Assert.Equal(5, await page.Locator("#separation .chart svg").CountAsync());
        foreach (var drawing in await page.Locator("#network svg, .chart svg, .strips svg").AllAsync())
        {
            var box = (await drawing.BoundingBoxAsync())!;
            Assert.True(box is { Width: > 100, Height: > 20 }, $"a drawing of {box.Width} × {box.Height}");
        }
        Assert.Equal(await page.Locator("#network .edge").CountAsync(), await page.Locator("#network .edge title").CountAsync());
        Assert.True(await page.Locator("#timeline .plot i").CountAsync() > 0);
        var link = page.Locator("nav a", new() { HasTextString = "Weights" });
        await link.ClickAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('#weights').getBoundingClientRect().top < innerHeight / 2"));
    }

    [Fact]
    public async Task Light_and_dark_differ_in_paper_and_in_the_colours_of_charts()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var context = await reports.Browser.NewContextAsync(new() { ColorScheme = scheme });
            var page = await context.NewPageAsync();
            await page.GotoAsync($"file://{reports.PageOf("example")}");
            seen.Add((await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"),
                await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.chart polyline')).stroke")));
        }
        Assert.Equal(2, seen.Select(s => s.Item1).Distinct().Count());
        Assert.Equal(2, seen.Select(s => s.Item2).Distinct().Count());
    }

    /// <summary>The least ratio of luminances (WCAG 2.1) of headlines and notes against the card that they stand on.</summary>
    private static Task<double> Contrast(IPage page) => page.EvaluateAsync<double>(
        """
        () => {
          const luminance = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
          const paper = luminance(getComputedStyle(document.querySelector('.card')).backgroundColor);
          return Math.min(...[...document.querySelectorAll('.headline, .card li, .card h2, .basis')].map(e => { const ink = luminance(getComputedStyle(e).color); return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); }));
        }
        """);
}
