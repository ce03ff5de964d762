using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Tests.Arithmetic;

public sealed class SearchEffortTests
{
    [Theory]
    [InlineData("quick", Effort.Quick, 0)]
    [InlineData("normal", Effort.Normal, 0)]
    [InlineData("high", Effort.High, 0)]
    [InlineData("30s", Effort.Normal, 30)]
    [InlineData("86400", Effort.Normal, 86400)]
    public void Efforts_are_read_and_written(string text, Effort level, int seconds)
    {
        var effort = SearchEffort.Parse(text);
        Assert.Equal(new SearchEffort(level, seconds), effort);
        Assert.Equal(effort, SearchEffort.Parse(effort.ToString()!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1")]
    [InlineData("1.5s")]
    [InlineData("86401s")]
    [InlineData("99999999999s")]
    [InlineData("Quick")]
    public void Other_texts_are_refused(string text) => Assert.Null(SearchEffort.Parse(text));

    [Fact]
    public void A_second_of_search_finds_more_than_a_quick_one()
    {
        var problem = SearchSharingTests.RandomProblem(12, 12, 7, 0, 2);
        var network = new SearchSharing(new SearchEffort(Effort.Normal, 1)).Solve(problem);
        AdderNetworkProof.Check(problem, network);
        Assert.True(network.Nodes.Count < new SearchSharing().Solve(problem).Nodes.Count);
    }
}
