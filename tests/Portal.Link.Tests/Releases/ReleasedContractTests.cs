using Portal.Testing.Up;

namespace Portal.Link.Tests.Releases;

/// <summary>
/// What the last release says between portal and agents is still said: nodes are upgraded after their portal, some of them much later.
/// </summary>
public sealed class ReleasedContractTests
{
    /// <summary>With PORTAL_WRITE_CONTRACTS=1, which is for a release, the file is written instead (<c>./portal contracts</c>).</summary>
    [Fact]
    public async Task Contracts_OfTheLastRelease_AreAllThere()
    {
        var path = Path.Combine(Path.GetDirectoryName(PortalUp.Script)!, "src", "Portal.Contracts", "released.txt");
        if (System.Environment.GetEnvironmentVariable("PORTAL_WRITE_CONTRACTS") == "1")
        {
            await File.WriteAllLinesAsync(path, ContractLines.Now);
        }

        var missing = ContractLines.Missing(await File.ReadAllLinesAsync(path), ContractLines.Now);
        Assert.True(
            missing.Count == 0,
            "Agents and portals of the last release go by these lines. Add beside them, and take away what no release in use needs:\n"
                + string.Join('\n', missing));
    }

    [Theory]
    [InlineData("field p.v1.A.id = 2 string")]
    [InlineData("field p.v1.A.id = 1 int64")]
    [InlineData("field p.v1.A.id = 1 repeated string")]
    [InlineData("field p.v1.A.name = 1 string")]
    public void Missing_FieldThatChanged_IsTold(string changed) =>
        Assert.Equal(["field p.v1.A.id = 1 string"], ContractLines.Missing(["field p.v1.A.id = 1 string", ""], [changed]));

    [Fact]
    public void Missing_FieldThatCame_IsNone() =>
        Assert.Empty(ContractLines.Missing(["field p.v1.A.id = 1 string"], ["field p.v1.A.id = 1 string", "field p.v1.A.more = 2 string"]));

    [Fact]
    public void Now_HoldsCallsFieldsEnumerationsAndJson()
    {
        Assert.Contains(ContractLines.Now, line => line.StartsWith("rpc portal.containers.v1.ContainerService.", StringComparison.Ordinal));
        Assert.Contains(ContractLines.Now, line => line.StartsWith("field portal.containers.v1.CreateContainerRequest.image = ", StringComparison.Ordinal));
        Assert.Contains(ContractLines.Now, line => line.StartsWith("hub ITelemetryHub.", StringComparison.Ordinal));
        Assert.Contains("json JoinRequest.Token String", ContractLines.Now);
    }
}
