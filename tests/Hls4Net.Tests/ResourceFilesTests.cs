using Hls4Net.Emission;

namespace Hls4Net.Tests;

public sealed class ResourceFilesTests
{
    [Fact]
    public void A_missing_file_is_named_with_the_place_where_it_should_be()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => ResourceFiles.Read("runtime-templates/verilog/nothing.hbs"));
        Assert.Contains("runtime-templates/verilog/nothing.hbs", exception.Message);
        Assert.Contains(AppContext.BaseDirectory, exception.Message);
    }

    [Theory]
    [InlineData("runtime-templates")]
    [InlineData("testbenches")]
    public void Every_file_of_the_repository_lies_beside_the_assemblies_with_the_same_content(string folder)
    {
        var root = RepositoryRoot();
        var expected = Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) != ".md")
            .ToDictionary(f => Path.GetRelativePath(root, f).Replace('\\', '/'), File.ReadAllText);
        Assert.NotEmpty(expected);
        Assert.Empty(expected.Keys.Except(ResourceFiles.List(folder)));
        Assert.All(expected, e => Assert.Equal(e.Value, ResourceFiles.Read(e.Key)));
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hls4Net.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder;
    }
}
