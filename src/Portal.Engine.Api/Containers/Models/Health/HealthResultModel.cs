using Portal.Engine.Api.Routing;
using Portal.Engine.Containers.Health;

namespace Portal.Engine.Api.Containers.Models.Health;

/// <summary>One probe of <c>State.Health.Log</c>.</summary>
internal sealed record HealthResultModel(string Start, string End, int ExitCode, string Output)
{
    public static HealthResultModel From(HealthResult result) =>
        new(GoTime.Format(result.Start), GoTime.Format(result.End), result.ExitCode, result.Output);
}
