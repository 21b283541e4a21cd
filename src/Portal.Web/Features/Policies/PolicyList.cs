namespace Portal.Web.Features.Policies;

/// <summary>A list of a policy on its page: whether it restricts, and its entries, one on each line.</summary>
public sealed class PolicyList
{
    public bool Limits { get; set; }

    public string Text { get; set; } = "";

    public void Set(IReadOnlyList<string>? values)
    {
        Limits = values is not null;
        Text = string.Join('\n', values ?? []);
    }

    public IReadOnlyList<string>? Get() => Limits
        ? [.. Text.Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()] : null;
}
