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
    [InlineData("fluentd", "fluentd-retry-wait", "soon",
        "invalid value 'soon' for log opt 'fluentd-retry-wait': it is a duration such as '500ms' from 1ms to 86400s")]
    [InlineData("fluentd", "fluentd-max-retries", "-1",
        "invalid value '-1' for log opt 'fluentd-max-retries': it is a number from 0 to 4294967295")]
    [InlineData("fluentd", "fluentd-buffer-limit", "x",
        "invalid value 'x' for log opt 'fluentd-buffer-limit': it is a number of events such as '8192' or '1m'")]
    [InlineData("fluentd", "fluentd-request-ack", "yes", "invalid value 'yes' for log opt 'fluentd-request-ack': it is 'true' or 'false'")]
    [InlineData("fluentd", "fluentd-async", "2", "invalid value '2' for log opt 'fluentd-async': it is 'true' or 'false'")]
    [InlineData("fluentd", "fluentd-async-reconnect-interval", "1s",
        "the log opt 'fluentd-async-reconnect-interval' needs 'fluentd-async=true'")]
    [InlineData("fluentd", "cache-disabled", "no", "invalid value 'no' for log opt 'cache-disabled': it is 'true' or 'false'")]
    [InlineData("syslog", "syslog-tls-cert", "/x", "the log opt 'syslog-tls-cert' needs a syslog-address of the form tcp+tls://host:port")]
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

    [Theory]
    [InlineData("udp", "gelf-compression-type", "xz", "unknown value \"xz\" for log opt \"gelf-compression-type\" for gelf log driver")]
    [InlineData("udp", "gelf-compression-level", "10", "unknown value \"10\" for log opt \"gelf-compression-level\" for gelf log driver")]
    [InlineData("udp", "gelf-tcp-max-reconnect", "1", "\"gelf-tcp-max-reconnect\" is only valid for TCP")]
    [InlineData("udp", "gelf-tcp-reconnect-delay", "1", "\"gelf-tcp-reconnect-delay\" is only valid for TCP")]
    [InlineData("tcp", "gelf-tcp-max-reconnect", "-1", "\"gelf-tcp-max-reconnect\" must be a positive integer")]
    [InlineData("tcp", "gelf-tcp-reconnect-delay", "x", "\"gelf-tcp-reconnect-delay\" must be a positive integer")]
    [InlineData("tcp", "gelf-compression-type", "none", "compression is only supported on UDP")]
    [InlineData("tcp", "gelf-compression-level", "1", "compression is only supported on UDP")]
    public void Validate_OfGelf_IsAsDockers(string protocol, string name, string value, string words)
    {
        var options = new Dictionary<string, string> { ["gelf-address"] = $"{protocol}://127.0.0.1:1", [name] = value };

        Assert.Equal([words], LogDriverOptions.Validate("gelf", options));
    }

    [Fact]
    public void Validate_BothNamesOfAsync_Conflict()
    {
        var options = new Dictionary<string, string> { ["fluentd-async"] = "true", ["fluentd-async-connect"] = "true" };

        Assert.Equal(
            ["conflicting options: cannot specify both 'fluentd-async' and 'fluentd-async-connect'"],
            LogDriverOptions.Validate("fluentd", options));
    }

    [Fact]
    public void Validate_FilesOfTlsThatCannotBeUsed_AreToldOf()
    {
        var options = new Dictionary<string, string>
        {
            ["syslog-address"] = "tcp+tls://127.0.0.1:1",
            ["syslog-tls-ca-cert"] = "/proc/version",
            ["syslog-tls-cert"] = "/nowhere/cert.pem",
            ["syslog-tls-key"] = "/nowhere/key.pem",
        };

        var problems = LogDriverOptions.Validate("syslog", options).ToList();

        Assert.Equal(2, problems.Count);
        Assert.StartsWith("could not read the authorities in '/proc/version' (syslog-tls-ca-cert): ", problems[0]);
        Assert.StartsWith("could not read the certificate in '/nowhere/cert.pem' (syslog-tls-cert) with the key in", problems[1]);
        Assert.Equal(
            ["the log opts 'syslog-tls-cert' and 'syslog-tls-key' need each other"],
            LogDriverOptions.Validate("syslog", new Dictionary<string, string>
            {
                ["syslog-address"] = "tcp+tls://127.0.0.1:1",
                ["syslog-tls-cert"] = "/x",
            }).Take(1));
    }

    [Fact]
    public void Warnings_OfCompression_AreGivenWhereItIsAskedFor()
    {
        Assert.Single(LogDriverOptions.Warnings("json-file", new Dictionary<string, string> { ["compress"] = "true" }));
        Assert.Empty(LogDriverOptions.Warnings("json-file", new Dictionary<string, string> { ["compress"] = "false" }));
    }

    [Theory]
    [InlineData("syslog", "true", false)]
    [InlineData("syslog", "false", true)]
    [InlineData("none", "", false)]
    public void CanBeRead_WithoutACache_IsNot(string driver, string disabled, bool expected)
    {
        var options = disabled.Length == 0 ? [] : new Dictionary<string, string> { ["cache-disabled"] = disabled };

        Assert.Equal(expected, LogDriverOptions.CanBeRead(driver, options));
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
        Assert.Empty(LogDriverOptions.Validate("fluentd", new Dictionary<string, string>
        {
            ["fluentd-address"] = "tls://logs.example.com",
            ["fluentd-async"] = "1",
            ["fluentd-async-reconnect-interval"] = "5s",
            ["fluentd-buffer-limit"] = "8192",
            ["fluentd-retry-wait"] = "1.5s",
            ["fluentd-max-retries"] = "4294967295",
            ["fluentd-request-ack"] = "T",
            ["fluentd-write-timeout"] = "10s",
        }));
        Assert.Empty(LogDriverOptions.Validate(
            "journald", new Dictionary<string, string> { ["tag"] = "{{ (.ExtraAttributes nil).TEAM }}/{{.Name}}" }));
    }
}
