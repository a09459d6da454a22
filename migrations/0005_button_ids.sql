-- Buttons get ids of their own (src/content/button-ids.ts). Those that are stored already take the places that the callback
-- data out there names: 0, 1, 2 … through the rows of the default version, de0, de1 … through those of another one.
create function herald_button_ids(rows jsonb, prefix text) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(numbered.buttons order by y), '[]') from (
    select y, jsonb_agg(button || jsonb_build_object('id', prefix || place) order by x) as buttons from (
      select y, x, button, row_number() over (order by y, x) - 1 as place
      from jsonb_array_elements(rows) with ordinality as lines(line, y),
        jsonb_array_elements(line) with ordinality as cells(button, x)
    ) placed group by y
  ) numbered
$$;--> statement-breakpoint
create function herald_content_ids(content jsonb) returns jsonb language sql immutable as $$
  select content
    || jsonb_build_object(
      'buttons', herald_button_ids(content -> 'buttons', ''),
      'buttonIds', (select count(*) from jsonb_path_query(content, '$.buttons[*][*]')))
    || case when content ? 'versions' then jsonb_build_object('versions', (
      select coalesce(jsonb_object_agg(language, case when version ? 'buttons'
        then version || jsonb_build_object('buttons', herald_button_ids(version -> 'buttons', language))
        else version end), '{}')
      from jsonb_each(content -> 'versions') as each(language, version))) else '{}' end
$$;--> statement-breakpoint
update campaigns set content = herald_content_ids(content)
  where jsonb_path_exists(content, '$.buttons[*][*]') or jsonb_path_exists(content, '$.versions.*.buttons[*][*]');--> statement-breakpoint
update series set content = herald_content_ids(content)
  where jsonb_path_exists(content, '$.buttons[*][*]') or jsonb_path_exists(content, '$.versions.*.buttons[*][*]');--> statement-breakpoint
drop function herald_content_ids(jsonb);--> statement-breakpoint
drop function herald_button_ids(jsonb, text);
