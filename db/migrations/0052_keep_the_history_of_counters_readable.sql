-- The history of counters takes a permission of its own now. Roles and tokens that could read it, by seeing nodes or containers, keep it.
update roles set permissions = array_append(permissions, 'metrics.view')
    where permissions && array['nodes.view', 'containers.view'] and not permissions @> array['metrics.view'];
update api_tokens set permissions = array_append(permissions, 'metrics.view')
    where permissions && array['nodes.view', 'containers.view'] and not permissions @> array['metrics.view'];
