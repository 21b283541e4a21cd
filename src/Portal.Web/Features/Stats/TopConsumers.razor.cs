using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;

namespace Portal.Web.Features.Stats;

/// <summary>The containers that used most over the range in the address.</summary>
public sealed partial class TopConsumers
{
    private IReadOnlyList<Consumer>? _consumers;
    private bool _byMemory;
    private string? _error;
    private string _key = "";

    [Parameter]
    [EditorRequired]
    public IReadOnlyList<Guid> Nodes { get; set; } = [];

    [Parameter]
    [EditorRequired]
    public required Func<Guid, string> NameOfNode { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    [Inject]
    public required StatsHistory History { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private StatsRange Shown => StatsRange.Find(Range);

    protected override async Task OnParametersSetAsync()
    {
        var key = $"{Shown.Name} {string.Join(' ', Nodes)}";
        if (key != _key)
        {
            _key = key;
            await ReadAsync();
        }
    }

    private Task SortAsync(bool byMemory)
    {
        _byMemory = byMemory;
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var key = _key;
        try
        {
            var consumers = await History.TopAsync((await Authentication).User, Nodes, Shown, _byMemory, CancellationToken.None);
            if (key == _key)
            {
                _consumers = consumers;
                _error = null;
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = T("The history can't be read: the database does not answer. Choose a range again to try once more.");
        }
    }
}
