using Microsoft.AspNetCore.Components;
using Portal.Web.Access;

namespace Portal.Web.Features.FleetLists;

/// <summary>
/// A row of a list over all nodes. It is drawn again only when it shows something else: its page draws with each letter of a search and with
/// each change anywhere.
/// </summary>
/// <typeparam name="TRow">What it shows; another object whenever that is another.</typeparam>
/// <typeparam name="TSort">The columns of the list.</typeparam>
public abstract class FleetTableRow<TRow, TSort> : ComponentBase
    where TRow : class
    where TSort : struct, Enum
{
    private TRow? _row;
    private ColumnSet<TSort>? _columns;
    private EffectiveAccess? _access;
    private bool _selected;
    private bool _isOther;

    [Parameter]
    [EditorRequired]
    public TRow Row { get; set; } = null!;

    [Parameter]
    [EditorRequired]
    public ColumnSet<TSort> Columns { get; set; } = null!;

    /// <summary>For which actions to offer.</summary>
    [Parameter]
    [EditorRequired]
    public EffectiveAccess Access { get; set; } = EffectiveAccess.None;

    [Parameter]
    public bool Selected { get; set; }

    /// <summary>It shall be selected, or no more.</summary>
    [Parameter]
    public EventCallback Select { get; set; }

    protected override void OnParametersSet()
    {
        _isOther = !ReferenceEquals(Row, _row) || !ReferenceEquals(Columns, _columns) || Selected != _selected
            || !(ReferenceEquals(Access, _access) || Access.IsSameAs(_access));
        (_row, _columns, _access, _selected) = (Row, Columns, Access, Selected);
    }

    protected override bool ShouldRender() => _isOther;
}
