using Portal.Web.Configuration;

namespace Portal.Web.Tests.Configuration;

public sealed class ValidatePortalOptionsTests
{
    private const string Database = "Host=/run/postgres;Username=portal;Database=portal";

    [Fact]
    public void Validate_Defaults_NeedTheDatabaseOnly()
    {
        var result = new ValidatePortalOptions().Validate(null, new PortalOptions());

        Assert.StartsWith("PORTAL_DB is not set", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AllWrong_NamesEveryKey()
    {
        var options = new PortalOptions { Data = "data", Run = "run", Http = "here", Database = "nonsense", Proxies = "a;10.0.0.0/8" };

        var failures = string.Join('\n', new ValidatePortalOptions().Validate(null, options).Failures!);

        Assert.All(
            ["PORTAL_DATA", "PORTAL_RUN", "PORTAL_HTTP", "PORTAL_DB", "PORTAL_PROXIES"],
            key => Assert.Contains(key, failures, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("0.0.0.0:0", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1:8080", false)]
    [InlineData("8080", false)]
    [InlineData("127.0.0.1:99999", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    public void Validate_Http_TakesAddressWithPort(string http, bool valid)
    {
        var result = new ValidatePortalOptions().Validate(null, new PortalOptions { Http = http, Database = Database });

        Assert.Equal(valid, result.Succeeded);
    }

    [Fact]
    public void Validate_BadConnectionString_TellsNoPassword()
    {
        var options = new PortalOptions { Database = "Host=db;Password=hunter2;Nonsense=1" };

        var failures = string.Join('\n', new ValidatePortalOptions().Validate(null, options).Failures!);

        Assert.Contains("PORTAL_DB", failures, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failures, StringComparison.Ordinal);
    }
}
