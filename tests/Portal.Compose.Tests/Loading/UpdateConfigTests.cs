using Portal.Compose.Model;

namespace Portal.Compose.Tests.Loading;

/// <summary>How a file says that containers are replaced, and gone back from.</summary>
public sealed class UpdateConfigTests
{
    [Theory]
    [InlineData("{}", 1, 0, false, 0, UpdateFailureAction.Unset, "0")]
    [InlineData(
        "{parallelism: 0, delay: 1m30s, order: start-first, monitor: 20s, failure_action: pause, max_failure_ratio: 0.3}",
        0, 90, true, 20, UpdateFailureAction.Pause, "0.3")]
    [InlineData("{failure_action: rollback, max_failure_ratio: 7}", 1, 0, false, 0, UpdateFailureAction.RollBack, "1")]
    [InlineData("{failure_action: continue, max_failure_ratio: '1e-1'}", 1, 0, false, 0, UpdateFailureAction.Continue, "0.1")]
    public void UpdateConfig_IsRead(
        string config, int parallelism, int delay, bool startsFirst, int monitor, UpdateFailureAction action, string ratio)
    {
        var update = Load($"update_config: {config}").Update;

        var (wait, watch) = (TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(monitor));
        var most = decimal.Parse(ratio, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new ServiceUpdate(parallelism, wait, startsFirst, watch, action, most), update);
    }

    [Fact]
    public void RollbackConfig_WhereThereIsNone_IsTheUpdatesWithoutItsFailures()
    {
        var service = Load("update_config: {parallelism: 3, order: start-first, failure_action: continue, max_failure_ratio: 0.5}");
        var own = Load("update_config: {parallelism: 3}, rollback_config: {order: start-first, failure_action: pause}").Rollback;

        Assert.Equal(service.Update with { OnFailure = UpdateFailureAction.Unset, MaxFailureRatio = 0 }, service.Rollback);
        Assert.Equal((1, true, UpdateFailureAction.Pause), (own.Parallelism, own.StartsFirst, own.OnFailure));
    }

    [Theory]
    [InlineData("rollback_config: {failure_action: rollback}")]
    [InlineData("update_config: {failure_action: stop}")]
    [InlineData("update_config: {max_failure_ratio: much}")]
    public void Config_WithAWordThatIsNone_IsAnError(string deploy) =>
        Projects.OneError(Projects.Load($"services: {{web: {{image: a, deploy: {{{deploy}}}}}}}"));

    private static ComposeService Load(string deploy) => Projects.Load($"services: {{web: {{image: a, deploy: {{{deploy}}}}}}}").Service();
}
