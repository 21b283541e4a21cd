using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>Where in the portal an alert leads.</summary>
public sealed class AlertLinksTests
{
    private static readonly Guid s_node = Guid.Parse("0192b6a0-0000-7000-8000-000000000001");

    [Theory]
    [InlineData("node:x", "nodes/NODE")]
    [InlineData("container:x:3f2a", "nodes/NODE/containers/3f2a")]
    [InlineData("container:x:a|b>../?#", "nodes/NODE/containers/a%7Cb%3E..%2F%3F%23")]
    public void Of_WhatIsOnANode_IsItsPage(string subject, string expected) => Assert.Equal(
        expected.Replace("NODE", $"{s_node}", StringComparison.Ordinal),
        AlertLinks.Of(new Alert { Subject = subject, NodeId = s_node }, RuleOf("")));

    [Theory]
    [InlineData("(?i)out of memory|<b>", "/logs?find=out%20of%20memory%7C%3Cb%3E&regex=1")]
    [InlineData("错", "/logs?find=%E9%94%99&regex=1")]
    public void Of_RuleAboutLines_LeadsToThem(string pattern, string expected) => Assert.EndsWith(
        "/containers/1" + expected,
        AlertLinks.Of(new Alert { Subject = "container:x:1", NodeId = s_node }, RuleOf(pattern)),
        StringComparison.Ordinal);

    [Fact]
    public void Of_PatternThatNoMessageHolds_LeadsToTheLogs() => Assert.EndsWith(
        "/containers/1/logs",
        AlertLinks.Of(new Alert { Subject = "container:x:1", NodeId = s_node }, RuleOf(new string('错', 200))),
        StringComparison.Ordinal);

    [Fact]
    public void Of_WhatIsOnNoNode_IsThePageOfAlerts() =>
        Assert.Equal("alerts", AlertLinks.Of(new Alert { Subject = "certificate" }, null));

    [Theory]
    [InlineData("https://portal.example.com", "alerts", "https://portal.example.com/alerts")]
    [InlineData("https://example.com/portal/", "alerts", "https://example.com/portal/alerts")]
    [InlineData("", "alerts", "")]
    [InlineData("https://portal.example.com", "", "")]
    public void At_PortalsAddress_IsInFrontOfThePath(string portal, string path, string expected) =>
        Assert.Equal(expected, AlertLinks.At(portal, path));

    private static AlertRule RuleOf(string pattern) => new() { Condition = new AlertCondition { LinePattern = pattern }.ToJson() };
}
