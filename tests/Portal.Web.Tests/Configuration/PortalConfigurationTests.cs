using Microsoft.Extensions.Configuration;
using Portal.Web.Configuration;

namespace Portal.Web.Tests.Configuration;

public sealed class PortalConfigurationTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Bind_FlagAndFile_FlagWins()
    {
        File.WriteAllText(_file, """{ "PORTAL_HTTP": "127.0.0.1:1", "PORTAL_DB": "Host=file" }""");

        var options = Read("--config", _file, "--http", "127.0.0.1:2");

        Assert.Equal("127.0.0.1:2", options.Http);
        Assert.Equal("Host=file", options.Database);
        Assert.Equal(PortalOptions.DefaultData, options.Data);
    }

    [Fact]
    public void Configure_FileThatIsNotThere_Fails()
    {
        Assert.Throws<FileNotFoundException>(() => Read("--config", "/nowhere/portal.json"));
    }

    private static PortalOptions Read(params string[] arguments)
    {
        var builder = new ConfigurationBuilder();
        PortalConfiguration.Configure(builder, arguments);
        var options = new PortalOptions();
        PortalConfiguration.Bind(builder.Build(), options);
        return options;
    }
}
