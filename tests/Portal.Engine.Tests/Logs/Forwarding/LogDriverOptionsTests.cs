using Portal.Engine.Logs.Forwarding;

namespace Portal.Engine.Tests.Logs.Forwarding;

public sealed class LogDriverOptionsTests
{
    [Theory]
    [InlineData("foo", "", "", "error looking up logging plugin foo: plugin \"foo\" not found")]
    [InlineData("none", "a", "b", "invalid logging opts for driver none")]
    [InlineData("json-file", "foo", "bar", "unknown log opt 'foo' for json-file log driver")]
    [InlineData("syslog", "foo", "bar", "unknown log opt 'foo' for syslog log driver")]
    [InlineData("json-file", "mode", "x", "logger: logging mode not supported: x")]
    [InlineData("json-file", "max-buffer-size", "1m", "logger: max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData("gelf", "", "", "gelf-address is a required parameter")]
    [InlineData("gelf", "gelf-address", "foo://x", "gelf-address should be in form proto://address, got foo://x")]
    [InlineData("syslog", "syslog-address", "foo://x", "syslog-address should be in form proto://address, got foo://x")]
    [InlineData("syslog", "syslog-facility", "x", "invalid syslog facility")]
    [InlineData("syslog", "syslog-format", "x", "Invalid syslog format")]
    [InlineData("fluentd", "fluentd-address", "foo://x", "invalid fluentd-address foo://x")]
    public void Validate_WhatDockerRefuses_IsRefusedInItsWords(string driver, string name, string value, string words)
    {
        var options = name.Length == 0 ? [] : new Dictionary<string, string> { [name] = value };

        Assert.Equal([words], LogDriverOptions.Validate(driver, options));
    }

    [Theory]
    [InlineData("{{.Foo}}")]
    [InlineData("{{.Name")]
    [InlineData("}}")]
    public void Validate_ATagThatMeansNothing_IsRefused(string tag)
    {
        Assert.Single(LogDriverOptions.Validate("syslog", new Dictionary<string, string> { ["tag"] = tag }));
    }

    [Fact]
    public void Validate_WhatIsFine_IsTaken()
    {
        Assert.Empty(LogDriverOptions.Validate("local", new Dictionary<string, string> { ["max-size"] = "1m", ["compress"] = "true" }));
        Assert.Empty(LogDriverOptions.Validate("syslog", new Dictionary<string, string>
        {
            ["syslog-address"] = "tcp+tls://logs.example.com",
            ["syslog-facility"] = "local0",
            ["syslog-format"] = "rfc5424micro",
            ["tag"] = "{{.ImageName}}/{{.Name}}",
            ["labels-regex"] = "^team",
            ["mode"] = "non-blocking",
            ["max-buffer-size"] = "4m",
        }));
        Assert.Empty(LogDriverOptions.Validate("gelf", new Dictionary<string, string> { ["gelf-address"] = "udp://[::1]:12201" }));
    }
}
