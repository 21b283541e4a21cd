using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Web.Features.Environments.Rules;

/// <summary>What an environment asks of deployments of its nodes' stacks.</summary>
public sealed record DeploymentRules
{
    /// <summary>A month: what was asked for longer ago is asked anew.</summary>
    public const int MostApprovalHours = 720;

    private const int MostTargets = 20;
    private const int MostWindows = 20;
    private const int MostFreezes = 50;
    private const int LongestNote = 200;
    private const int FirstYear = 2020;
    private const int LastYear = 2200;
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <value>For how many hours a deployment waits for a second person's approval; 0 where none is needed.</value>
    public int ApprovalHours { get; init; }

    /// <value>Targets of alerts that are told of what waits for approval, and of what came of it.</value>
    public IReadOnlyList<Guid> ApprovalTargets { get; init; } = [];

    /// <value>The time zone of windows and freezes, as <c>Europe/Vienna</c>.</value>
    public string TimeZone { get; init; } = "UTC";

    /// <value>When deployments may begin; at any time where there are none.</value>
    public IReadOnlyList<DeployWindow> Windows { get; init; } = [];

    public IReadOnlyList<DeployFreeze> Freezes { get; init; } = [];

    [JsonIgnore]
    public bool NeedsApproval => ApprovalHours > 0;

    public static DeploymentRules None { get; } = new();

    /// <summary>What is kept. What a later portal wrote beyond it is left out.</summary>
    public static DeploymentRules Parse(string json) => JsonSerializer.Deserialize<DeploymentRules>(json, s_options) ?? None;

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>What is wrong, as sentences.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        void Demand(bool isRight, string text) => problems.AddRange(isRight ? [] : [text]);

        Demand(ApprovalHours is >= 0 and <= MostApprovalHours, E("A deployment waits for approval for 1 to {0} hours.", MostApprovalHours));
        Demand(ApprovalTargets.Count <= MostTargets, E("Up to {0} targets are told.", MostTargets));
        Demand(DeployCalendar.FindZone(TimeZone) is not null, E("There is no time zone '{0}'. One is named as Europe/Vienna.", TimeZone));
        Demand(Windows.Count <= MostWindows, E("There are up to {0} windows.", MostWindows));
        Demand(
            Windows.All(window => window.Days.Count > 0 && window.Days.All(Enum.IsDefined)),
            N("A window opens on one day of the week at least."));
        Demand(Freezes.Count <= MostFreezes, E("There are up to {0} freezes.", MostFreezes));
        Demand(Freezes.All(freeze => freeze.From < freeze.To), N("A freeze ends after it begins."));
        Demand(
            Freezes.All(freeze => freeze.From.Year >= FirstYear && freeze.To.Year <= LastYear),
            E("A freeze is between the years {0} and {1}.", FirstYear, LastYear));
        Demand(
            Freezes.All(freeze => freeze.Note.Length <= LongestNote && !freeze.Note.Any(char.IsControl)),
            E("A freeze's note has up to {0} characters.", LongestNote));
        return problems;
    }
}
